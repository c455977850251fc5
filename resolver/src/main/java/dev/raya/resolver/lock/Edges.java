package dev.raya.resolver.lock;

import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.version.VersionRange;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which locked version meets a requirement of the project itself, whose edges the lockfile does not
 * hold. Where several do (compatibility lines side by side), the rule is one for resolver, lockfile
 * check, compiler and VM: the highest one that has every feature asked for switched on.
 */
public final class Edges {
  private Edges() {}

  /**
   * The locked package that meets a dependency of the project, or null if none does.
   *
   * @param lockfile the lockfile
   * @param root the manifest whose overrides hold
   * @param dependency one of its dependencies
   */
  public static @Nullable LockedPackage choose(
      Lockfile lockfile, Manifest root, Dependency dependency) {
    VersionRange range =
        Overrides.of(root).effective(Overrides.ROOT, dependency.name(), dependency.rangeOrAny());
    return choose(lockfile.versionsOf(dependency.name()), range, dependency.features());
  }

  /**
   * The highest of several versions of one package that meets a requirement, or null.
   *
   * @param versions ascending
   * @param range what is asked for
   * @param features features that must be on
   */
  public static @Nullable LockedPackage choose(
      List<LockedPackage> versions, VersionRange range, Collection<String> features) {
    for (LockedPackage candidate : versions.reversed()) {
      // Pre-releases: which ones a range may pick was decided when the lockfile was written.
      if (range.contains(candidate.version()) && candidate.features().containsAll(features)) {
        return candidate;
      }
    }
    return null;
  }
}
