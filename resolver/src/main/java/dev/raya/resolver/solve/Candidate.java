package dev.raya.resolver.solve;

import dev.raya.resolver.version.Version;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A published version as the solver sees it.
 *
 * @param version its version
 * @param needs what it always requires
 * @param constraints what must hold of packages that are there for another reason
 * @param features feature to what it switches on
 * @param mask why it may not be chosen unless it is locked; empty if it may
 */
public record Candidate(
    Version version,
    List<Need> needs,
    List<Need> constraints,
    Map<String, Feature> features,
    String mask) {

  /** The feature that is on unless it is switched off; a version need not have it. */
  public static final String DEFAULT_FEATURE = "default";

  /**
   * What a feature switches on.
   *
   * @param needs optional requirements
   * @param features other features of the same version
   */
  public record Feature(List<Need> needs, List<String> features) {
    /** Copies the lists in. */
    public Feature {
      needs = List.copyOf(needs);
      features = List.copyOf(features);
    }
  }

  /** Copies the collections in, keeping their order. */
  public Candidate {
    needs = List.copyOf(needs);
    constraints = List.copyOf(constraints);
    features =
        features.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(features));
  }

  /** A candidate with plain needs. */
  public Candidate(Version version, List<Need> needs) {
    this(version, needs, List.of(), Map.of(), "");
  }

  /** The same candidate where nothing keeps it from being chosen. */
  public Candidate unmasked() {
    return new Candidate(version, needs, constraints, features, "");
  }

  /** Whether it may be chosen only if it is locked. */
  public boolean masked() {
    return !mask.isEmpty();
  }
}
