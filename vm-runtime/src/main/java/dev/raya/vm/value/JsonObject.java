package dev.raya.vm.value;

import java.util.LinkedHashMap;

/** An object of json values, in insertion order; never changed once it is a value of a program. */
public record JsonObject(LinkedHashMap<String, Object> members) {
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
