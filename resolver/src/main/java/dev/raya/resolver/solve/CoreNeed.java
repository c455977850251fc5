package dev.raya.resolver.solve;

import dev.raya.resolver.version.Version;
import java.util.List;

/**
 * A requirement that takes part in a contradiction: versions of a package that share it.
 *
 * @param pkg who requires; empty for the project
 * @param feature the feature of {@code pkg} that requires it, or empty
 * @param versions the versions of {@code pkg} that it is about, ascending; none for the project
 * @param need what is required, as stated
 * @param constraint whether it only binds if the package is there for another reason
 */
public record CoreNeed(
    String pkg, String feature, List<Version> versions, Need need, boolean constraint) {
  /** Copies the list in. */
  public CoreNeed {
    versions = List.copyOf(versions);
  }

  /** Whether the project itself states it. */
  public boolean isDirect() {
    return pkg.isEmpty();
  }
}
