package dev.raya.resolver.project;

import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.LockedPackage.LockedDependency;
import dev.raya.resolver.metadata.BytecodeLevel;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Packages of which a lockfile that follows from its manifests says all that a resolution beside it
 * may ask: without features, constraints and native modules, whose every dependency is always
 * wanted, with its default features, on every target, and granted nothing. As long as nothing but
 * the project's own dependencies changes, their edges stay, so that their {@code metadata.json}
 * need not be read again.
 */
public final class PlainPackages {
  private static final BytecodeLevel UNKNOWN = new BytecodeLevel(0, 0, 0, 0);

  private PlainPackages() {}

  /**
   * Whether a package is plain.
   *
   * @param metadata its {@code metadata.json}
   * @param toolchain the version that is to run it
   */
  public static boolean isPlain(PackageMetadata metadata, Version toolchain) {
    if (!metadata.features().isEmpty()
        || !metadata.constraints().isEmpty()
        || !metadata.natives().isEmpty()
        || !metadata.raya().contains(toolchain)) {
      return false;
    }
    for (PublishedDependency dependency : metadata.dependencies()) {
      if (dependency.optional()
          || dependency.registry() != null
          || !dependency.features().isEmpty()
          || !dependency.defaultFeatures()
          || !dependency.targets().isEmpty()
          || !dependency.grant().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a lockfile tells of a plain package what its metadata says. An edge that leads to a
   * pre-release does not: its range may name one, or the command that locked it let all through.
   */
  public static boolean isToldBy(LockedPackage locked) {
    return locked.dependencies().stream().noneMatch(edge -> edge.version().isPreRelease());
  }

  /**
   * What the metadata of a plain package says, as far as its place in a lockfile that follows
   * tells: its edges meet its ranges, whatever these are. What no resolution asks is empty.
   *
   * @param locked of which the lockfile tells, {@link #isToldBy}
   */
  public static PackageMetadata metadata(LockedPackage locked) {
    List<PublishedDependency> dependencies = new ArrayList<>();
    for (LockedDependency edge : locked.dependencies()) {
      dependencies.add(
          new PublishedDependency(
              edge.alias(),
              edge.name(),
              VersionRange.ANY,
              null,
              false,
              List.of(),
              true,
              List.of(),
              List.of()));
    }
    return new PackageMetadata(
        locked.name(),
        locked.version(),
        "",
        List.of(),
        "",
        "",
        List.of(),
        VersionRange.ANY,
        null,
        dependencies,
        List.of(),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        locked.capabilities(),
        UNKNOWN,
        null,
        null);
  }
}
