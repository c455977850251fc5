package dev.raya.resolver.lock;

import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.version.VersionRange;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which locked version meets a requirement. Where several do (different compatibility lines), the
 * rule is one for resolver, lockfile check, compiler and VM: the highest one that has every feature
 * asked for switched on.
 */
public final class Edges {
  private Edges() {}

  /** The locked package that meets a dependency, or null if none does. */
  public static @Nullable LockedPackage choose(Lockfile lockfile, Dependency dependency) {
    return choose(
        lockfile.versionsOf(dependency.name()), dependency.rangeOrAny(), dependency.features());
  }

  /**
   * The highest of several versions of one package that meets a requirement, or null.
   *
   * @param versions ascending
   * @param range what is asked for
   * @param features features that must be on
   */
  public static @Nullable LockedPackage choose(
      List<LockedPackage> versions, VersionRange range, List<String> features) {
    for (LockedPackage candidate : versions.reversed()) {
      Set<String> on = new HashSet<>(candidate.features());
      // Pre-releases: which ones a range may pick was decided when the lockfile was written.
      if (range.contains(candidate.version()) && on.containsAll(features)) {
        return candidate;
      }
    }
    return null;
  }
}
