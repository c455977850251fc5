package dev.raya.resolver.manifest;

import dev.raya.resolver.version.ResolverCode;
import org.jspecify.annotations.Nullable;

/**
 * One fault of a manifest, or one warning about it.
 *
 * @param code RAYA-PKG-001 to 004
 * @param position where
 * @param message what was expected and what was found, without the place
 * @param suggestion the nearest valid spelling, or null where there is none
 */
public record ManifestFault(
    ResolverCode code, SourcePosition position, String message, @Nullable String suggestion) {

  /** {@code file:line:column: message; did you mean "x"?}. */
  @Override
  public String toString() {
    return position
        + ": "
        + message
        + (suggestion == null ? "" : "; did you mean \"" + suggestion + "\"?");
  }
}
