package dev.raya.cli.pm.sbom;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.store.PackageCache;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.pm.project.LockedGraph;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.Manifest.PackageSection;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the bill of a locked project, with what the cached packages say of themselves. */
public final class BillOfProject {
  private final LockedGraph graph;
  private final PackageCache cache;
  private final Console console;

  /** Reads metadata from a cache; what it lacks is reported. */
  public BillOfProject(LockedGraph graph, PackageCache cache, Console console) {
    this.graph = graph;
    this.cache = cache;
    this.console = console;
  }

  /**
   * The bill.
   *
   * @param production without what only dev-dependencies bring in
   */
  public Bill bill(boolean production) {
    List<String> direct = production ? productive() : graph.direct();
    Set<String> wanted = graph.reachedFrom(direct);
    List<Bill.Component> components = new ArrayList<>();
    Instant time = Instant.EPOCH;
    List<String> unknown = new ArrayList<>();
    for (LockedPackage locked : graph.lockfile().packages()) {
      if (!wanted.contains(locked.id())) {
        continue;
      }
      PackageMetadata metadata = metadata(locked);
      if (metadata == null && locked.checksum() != null) {
        unknown.add(locked.id());
      }
      components.add(component(locked, metadata));
      LockedPackage.LogEntry log = locked.log();
      if (log != null && log.time().isAfter(time)) {
        time = log.time();
      }
    }
    if (!unknown.isEmpty()) {
      console.report(
          Finding.warning(
              "RAYA-PKG-015",
              "no licence can be stated for what the cache does not hold: "
                  + String.join(", ", unknown),
              "`raya-pm install` fetches it"));
    }
    return new Bill(
        root(direct),
        components,
        ProgramVersion.CURRENT,
        time,
        Digest.of(LockfileCodec.write(graph.lockfile())));
  }

  private List<String> productive() {
    Set<String> names = new LinkedHashSet<>();
    for (Dependency dependency : graph.manifest().dependencies().values()) {
      names.add(dependency.name().text());
    }
    List<String> ids = new ArrayList<>();
    for (String id : graph.direct()) {
      if (names.contains(id.substring(0, id.indexOf(' ')))) {
        ids.add(id);
      }
    }
    return ids;
  }

  private Bill.Component root(List<String> direct) {
    Manifest manifest = graph.manifest();
    PackageSection about = manifest.about();
    String name = about == null ? "workspace" : about.name().text();
    String version = about == null || about.version() == null ? "0.0.0" : about.version().text();
    return new Bill.Component(
        name + " " + version + " (project)",
        name,
        version,
        about == null ? "" : about.description(),
        about == null ? "" : about.license(),
        about == null ? List.of() : about.authors(),
        about == null ? "" : about.repository(),
        null,
        "",
        manifest.exports().isEmpty(),
        direct);
  }

  private Bill.Component component(LockedPackage locked, @Nullable PackageMetadata metadata) {
    Map<String, List<String>> edges = graph.dependencies();
    return new Bill.Component(
        locked.id(),
        locked.name().text(),
        locked.version().text(),
        metadata == null ? "" : metadata.description(),
        metadata == null ? "" : metadata.license(),
        metadata == null ? List.of() : metadata.authors(),
        metadata == null ? "" : metadata.repository(),
        locked.checksum(),
        origin(locked),
        false,
        edges.getOrDefault(locked.id(), List.of()));
  }

  /** Where SPDX can say it was taken from: a registry is named by its origin. */
  private static String origin(LockedPackage locked) {
    return switch (locked.source()) {
      case LockSource.Registry(String registry) -> registry;
      case LockSource.Git(String url, String commit) -> "git+" + url + "@" + commit;
      case LockSource.Url(String url) -> url;
      case LockSource.Path(String folder) -> "";
    };
  }

  private @Nullable PackageMetadata metadata(LockedPackage locked) {
    Digest checksum = locked.checksum();
    if (checksum == null) {
      return null;
    }
    Path file = cache.folder(checksum).resolve(PackageMetadata.FILE_NAME);
    try {
      return PackageMetadataCodec.read(Files.readAllBytes(file));
    } catch (IOException | JsonException missing) {
      // The caller tells which packages nothing is known of.
      return null;
    }
  }
}
