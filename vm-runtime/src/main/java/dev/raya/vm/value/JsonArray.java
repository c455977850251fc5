package dev.raya.vm.value;

import java.util.List;

/**
 * An array of json values (language.md 13.1). Json values are Boolean, Double, string values,
 * {@link JsonAbsent}, {@link JsonArray} and {@link JsonObject}; all are immutable.
 */
public record JsonArray(List<Object> items) {
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
