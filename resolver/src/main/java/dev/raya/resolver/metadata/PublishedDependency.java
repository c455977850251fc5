package dev.raya.resolver.metadata;

import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.VersionRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dependency as {@code metadata.json} and index documents hold it (packages.md section 5).
 *
 * @param alias the name by which the package's code imports it
 * @param name the package; the alias itself unless aliased
 * @param range what is asked for
 * @param registry origin of its registry; null for the registry of the package itself
 * @param optional whether only a feature brings it in
 * @param features features asked for, sorted
 * @param defaultFeatures whether its {@code default} feature is asked for
 * @param targets targets it is installed for, sorted; empty for all
 * @param grant what it may do, sorted
 */
public record PublishedDependency(
    PackageName alias,
    PackageName name,
    VersionRange range,
    @Nullable String registry,
    boolean optional,
    List<String> features,
    boolean defaultFeatures,
    List<String> targets,
    List<Capability> grant)
    implements Comparable<PublishedDependency> {

  /** Copies the lists in, sorted. */
  public PublishedDependency {
    features = features.stream().sorted().distinct().toList();
    targets = targets.stream().sorted().distinct().toList();
    grant = Capability.sorted(grant);
  }

  /** By alias. */
  @Override
  public int compareTo(PublishedDependency other) {
    return alias.compareTo(other.alias);
  }
}
