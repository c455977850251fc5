package dev.raya.cli.pm.publish;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.settings.Settings;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.SourcePosition;
import dev.raya.resolver.metadata.PublishedConstraint;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A manifest's requirements in the form that is published: ranges on registry packages only. */
final class PublishedRequirements {
  private PublishedRequirements() {}

  /**
   * The dependencies, without those for development.
   *
   * @throws CommandException RAYA-PKG-001 for one that only this machine can resolve
   */
  static List<PublishedDependency> dependencies(Manifest manifest, KnownRegistries known)
      throws CommandException {
    List<PublishedDependency> published = new ArrayList<>();
    for (Dependency dependency : manifest.dependencies().values()) {
      published.add(
          new PublishedDependency(
              dependency.alias(),
              dependency.name(),
              range(dependency),
              registry(dependency, manifest, known),
              dependency.optional(),
              dependency.features(),
              dependency.defaultFeatures(),
              dependency.targets(),
              dependency.grant()));
    }
    return published;
  }

  /** The constraints. */
  static List<PublishedConstraint> constraints(Manifest manifest) {
    List<PublishedConstraint> published = new ArrayList<>();
    for (Manifest.Constraint constraint : manifest.constraints().values()) {
      published.add(new PublishedConstraint(constraint.name(), constraint.range()));
    }
    return published;
  }

  private static VersionRange range(Dependency dependency) throws CommandException {
    VersionRange range = dependency.range();
    if (range != null) {
      return range;
    }
    String what =
        switch (dependency.source()) {
          case Dependency.Source.Path path -> "a path";
          case Dependency.Source.Git git -> "git";
          case Dependency.Source.Url url -> "a URL";
          case Dependency.Source.Workspace workspace -> "the workspace";
          case Dependency.Source.Registry registry -> "a registry";
        };
    throw at(
        dependency.position(),
        dependency.alias() + " comes from " + what + " and gives no version",
        "add version = \"^1.0\": that is what is published");
  }

  private static @Nullable String registry(
      Dependency dependency, Manifest manifest, KnownRegistries known) throws CommandException {
    if (!(dependency.source() instanceof Dependency.Source.Registry(String key)) || key == null) {
      return null;
    }
    Manifest.RegistryEntry entry = manifest.registries().get(key);
    Optional<KnownRegistries.Known> registry =
        entry == null ? Optional.empty() : known.byUrl(Settings.base(entry.url()));
    if (registry.isEmpty()) {
      throw at(
          dependency.position(),
          "the registry \"" + key + "\" of " + dependency.alias() + " was never reached",
          "run `raya-pm install` first");
    }
    return registry.get().origin();
  }

  private static CommandException at(SourcePosition position, String message, String note) {
    return new CommandException(
        Finding.error("RAYA-PKG-001", message, note).at(Manifests.span(position)));
  }
}
