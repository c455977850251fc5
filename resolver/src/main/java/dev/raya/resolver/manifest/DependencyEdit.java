package dev.raya.resolver.manifest;

import dev.raya.resolver.manifest.Dependency.Source;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an editing command writes of a dependency. What it leaves open (null, empty) stays as it
 * stands in the manifest.
 *
 * @param name the package where it is another than the key; null otherwise
 * @param source where it comes from; null keeps what stands there (a new entry: the default
 *     registry)
 * @param range the range as it shall be written, for example {@code ^1.2.0}; null for none
 * @param features features to add
 * @param defaultFeatures false to switch the {@code default} feature off; null keeps
 * @param optional whether only a feature brings it in; null keeps
 * @param targets targets to set; empty keeps
 * @param grant capabilities to add
 */
public record DependencyEdit(
    @Nullable PackageName name,
    @Nullable Source source,
    @Nullable String range,
    List<String> features,
    @Nullable Boolean defaultFeatures,
    @Nullable Boolean optional,
    List<String> targets,
    List<Capability> grant) {

  /** Copies the lists in. */
  public DependencyEdit {
    features = List.copyOf(features);
    targets = List.copyOf(targets);
    grant = Capability.sorted(grant);
  }

  /** A dependency of the default registry with a range and nothing else. */
  public static DependencyEdit ofRange(String range) {
    return new DependencyEdit(null, null, range, List.of(), null, null, List.of(), List.of());
  }

  /** The same edit with capabilities to add. */
  public DependencyEdit withGrant(List<Capability> added) {
    return new DependencyEdit(
        name, source, range, features, defaultFeatures, optional, targets, added);
  }

  /** Whether a plain string says it all. */
  boolean isPlain() {
    return name == null
        && source == null
        && range != null
        && features.isEmpty()
        && defaultFeatures == null
        && optional == null
        && targets.isEmpty()
        && grant.isEmpty();
  }
}
