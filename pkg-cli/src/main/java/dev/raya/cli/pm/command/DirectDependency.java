package dev.raya.cli.pm.command;

import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestEditor.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * What a project itself takes from a registry.
 *
 * @param table where it is written
 * @param dependency what is written
 */
record DirectDependency(Table table, Dependency dependency) {
  /** Those of a manifest, in its order, for development last. */
  static List<DirectDependency> fromRegistries(Manifest manifest) {
    List<DirectDependency> all = new ArrayList<>();
    for (Dependency each : manifest.dependencies().values()) {
      all.add(new DirectDependency(Table.DEPENDENCIES, each));
    }
    for (Dependency each : manifest.devDependencies().values()) {
      all.add(new DirectDependency(Table.DEV_DEPENDENCIES, each));
    }
    all.removeIf(each -> !(each.dependency().source() instanceof Dependency.Source.Registry));
    return all;
  }
}
