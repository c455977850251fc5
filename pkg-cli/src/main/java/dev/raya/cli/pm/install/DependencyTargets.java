package dev.raya.cli.pm.install;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.HeldIndexSource;
import dev.raya.cli.pm.fetch.IndexStore;
import dev.raya.cli.pm.project.LockedMetadata;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.ProjectManifests;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The {@code targets} that packages list for their dependencies (packages.md 3): what a local
 * package's manifest says, what {@code metadata.json} says of one in the cache, and what the index
 * says of one that is not there yet. Each package is read once.
 */
final class DependencyTargets {
  private final Session session;
  private final ProjectManifests manifests;
  private final Map<PackageName, IndexDocument> read;
  private final Map<Digest, PackageMetadata> metadata;
  private final Map<String, List<PublishedDependency>> published = new HashMap<>();

  /**
   * Of a project's packages.
   *
   * @param read index documents that were read already
   * @param metadata the {@code metadata.json} that were, by checksum
   */
  DependencyTargets(
      Session session,
      ProjectManifests manifests,
      Map<PackageName, IndexDocument> read,
      Map<Digest, PackageMetadata> metadata) {
    this.session = session;
    this.metadata = metadata;
    this.manifests = manifests;
    this.read = read;
  }

  /** The targets that a package lists for what it imports by a name; empty for all. */
  List<String> of(LockedPackage from, PackageName alias) {
    Manifest local = manifests.local(from.name());
    if (local != null) {
      Dependency dependency = local.dependencies().get(alias);
      return dependency == null ? List.of() : dependency.targets();
    }
    for (PublishedDependency dependency :
        published.computeIfAbsent(from.id(), id -> published(from))) {
      if (dependency.alias().equals(alias)) {
        return dependency.targets();
      }
    }
    return List.of();
  }

  private List<PublishedDependency> published(LockedPackage from) {
    PackageMetadata own = metadata.get(from.checksum());
    if (own == null) {
      own = new LockedMetadata(session.cache()).of(from);
    }
    if (own != null) {
      return own.dependencies();
    }
    IndexDocument document = read.get(from.name());
    VersionLine line = document == null ? null : document.version(from.version());
    if (line == null || !line.sha256().equals(from.checksum())) {
      line = held(from);
    }
    return line == null ? List.of() : line.dependencies();
  }

  private @Nullable VersionLine held(LockedPackage from) {
    try {
      if (from.source() instanceof LockSource.Registry(String origin)) {
        Optional<KnownRegistries.Known> registry = session.known().byOrigin(origin);
        if (registry.isPresent()) {
          return new HeldIndexSource(new IndexStore(session.known().folder(registry.get())))
              .held(from.name())
              .map(document -> document.version(from.version()))
              .orElse(null);
        }
      }
      return null;
    } catch (CommandException unreadable) {
      // Nothing is left out for what cannot be read; the fetch that follows tells what is wrong.
      return null;
    }
  }
}
