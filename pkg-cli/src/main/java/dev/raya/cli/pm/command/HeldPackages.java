package dev.raya.cli.pm.command;

import dev.raya.cache.json.Json;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What this home holds of the default registry's packages, for look-ups under {@code --offline}:
 * index documents as last fetched, and the files of cache entries.
 */
final class HeldPackages {
  private static final int MAX_TEXT = 4 << 20;

  private final Session session;

  HeldPackages(Session session) {
    this.session = session;
  }

  /**
   * The index document of a package.
   *
   * @throws CommandException RAYA-NET-003 if it is not held
   */
  IndexDocument document(PackageName name) throws CommandException {
    RegistryAddress address = session.settings().requireRegistry();
    Optional<KnownRegistries.Known> known = session.known().byUrl(address.base());
    Optional<IndexDocument> held =
        known.isEmpty() ? Optional.empty() : session.heldIndex(known.get()).held(name);
    return held.orElseThrow(
        () ->
            new CommandException(
                "RAYA-NET-003",
                "offline, and nothing is held of " + name + " from " + address.base(),
                "ask again without --offline"));
  }

  /** The document as a package's own, with what the index says. */
  static PublishedPackage published(IndexDocument document) {
    List<PublishedPackage.Listed> versions = new ArrayList<>();
    String latest = "";
    for (IndexLine.VersionLine line : document.versions()) {
      IndexLine.StatusLine status = document.status(line.version());
      boolean yanked = status != null && status.yanked();
      versions.add(
          0,
          new PublishedPackage.Listed(
              line.version().text(),
              line.time().toString(),
              yanked,
              status != null && status.deprecated()));
    }
    for (PublishedPackage.Listed each : versions) {
      Version version = Version.tryParse(each.version());
      if (version != null && !version.isPreRelease() && !each.yanked()) {
        latest = each.version();
        break;
      }
    }
    if (latest.isEmpty() && !versions.isEmpty()) {
      latest = versions.getFirst().version();
    }
    Map<String, String> tags = new LinkedHashMap<>();
    document.tags().forEach((tag, version) -> tags.put(tag.text(), version.text()));
    return new PublishedPackage(
        document.name().text(),
        Json.object().put("name", document.name().text()).build(),
        tags.getOrDefault("latest", latest),
        tags,
        versions);
  }

  /**
   * A text file of a version in the cache.
   *
   * @throws CommandException RAYA-NET-003 if the version is not in the cache, RAYA-REG-004 if it
   *     has no such file
   */
  String text(IndexLine.VersionLine line, PackageName name, String path) throws CommandException {
    try {
      Optional<CacheEntry> entry = session.cache().get(line.sha256());
      if (entry.isEmpty()) {
        throw new CommandException(
            "RAYA-NET-003",
            "offline, and " + name + " " + line.version() + " is not in the cache",
            "ask again without --offline");
      }
      Path file = entry.get().file(path);
      if (Files.size(file) > MAX_TEXT) {
        throw new CommandException("RAYA-PKG-017", file + " is larger than 4 MiB");
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException none) {
      throw new CommandException(
          "RAYA-REG-004", name + " " + line.version() + " was published without " + path);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }
}
