package dev.raya.resolver.solve;

import dev.raya.resolver.version.VersionRange;
import java.util.List;

/**
 * A requirement on a package.
 *
 * @param name the package
 * @param range versions that meet it
 * @param features features that the chosen version must have and switch on
 * @param origin where it is written, for explanations: {@code raya.toml:12}; empty if nowhere
 */
public record Need(String name, VersionRange range, List<String> features, String origin) {
  /** Copies the list in. */
  public Need {
    features = List.copyOf(features);
  }

  /**
   * The features that a version must have: all but {@code default}, which is on where there is one.
   */
  public List<String> requiredFeatures() {
    return features.stream().filter(name -> !name.equals(Candidate.DEFAULT_FEATURE)).toList();
  }

  /** A requirement without features or origin. */
  public Need(String name, VersionRange range) {
    this(name, range, List.of(), "");
  }
}
