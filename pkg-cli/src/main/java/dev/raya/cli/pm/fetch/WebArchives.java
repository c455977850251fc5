package dev.raya.cli.pm.fetch;

import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.PackageArchive;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cache.store.ExpectedPackage;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.project.FetchedPackage;
import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Packages that are archives on the web. Nobody signs them: what stands for them is the digest that
 * the lockfile pins when they are first taken, so other bytes later are refused.
 */
public final class WebArchives {
  private static final String REFUSED = "RAYA-PKG-008";

  private final Session session;

  /** Reads with a session's network and cache. */
  public WebArchives(Session session) {
    this.session = session;
  }

  /**
   * Checks an address.
   *
   * @throws CommandException RAYA-PKG-001 if it is none that may be used
   */
  public static URI address(String text) throws CommandException {
    try {
      URI uri = new URI(text);
      boolean https = "https".equals(uri.getScheme());
      boolean local = "http".equals(uri.getScheme()) && RegistryAddress.isLoopback(uri);
      if ((https || local)
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException malformed) {
      throw notAnAddress(text);
    }
    throw notAnAddress(text);
  }

  private static CommandException notAnAddress(String text) {
    return new CommandException(
        "RAYA-PKG-001",
        "not the address of an archive that may be used: " + text,
        "it looks like https://example.com/tool-1.0.0.tar.zst, without user and password");
  }

  /**
   * The package at an address, in the cache afterwards.
   *
   * @param url as the manifest or import writes it
   * @param pinned the digest that the lockfile holds; null if none does
   * @throws CommandException RAYA-PKG-009 if other bytes are served than are pinned, RAYA-PKG-008
   *     if they are no package, RAYA-NET-003 if offline it is not in the cache
   * @throws InterruptedException if the thread was interrupted
   */
  public FetchedPackage.FromUrl take(String url, @Nullable Digest pinned)
      throws CommandException, InterruptedException {
    URI uri = address(url);
    try {
      Optional<CacheEntry> present =
          pinned == null ? Optional.empty() : session.cache().get(pinned);
      if (present.isPresent()) {
        return of(url, present.get());
      }
      if (session.settings().offline()) {
        throw new CommandException(
            "RAYA-NET-003",
            "offline, and this is missing: the archive " + url,
            "run the command once without --offline");
      }
      return fetch(url, uri, pinned);
    } catch (IOException failed) {
      throw Failure.of(failed);
    }
  }

  private static FetchedPackage.FromUrl of(String url, CacheEntry entry)
      throws CommandException, IOException {
    try {
      return new FetchedPackage.FromUrl(
          url,
          entry.checksum(),
          entry.tree(),
          entry.size(),
          PackageMetadataCodec.read(Files.readAllBytes(entry.file(PackageMetadata.FILE_NAME))));
    } catch (JsonException damaged) {
      throw new CommandException(
          "RAYA-PKG-015",
          "the cache entry of " + url + " is damaged: " + damaged.getMessage(),
          "`raya-pm cache verify` moves it out, then install again");
    }
  }

  private FetchedPackage.FromUrl fetch(String url, URI uri, @Nullable Digest pinned)
      throws CommandException, IOException, InterruptedException {
    Path file = Files.createTempFile(session.home().tmp(), "url-", "");
    try (Progress progress =
        session.console().progress("fetching " + url, 0, Progress.Unit.BYTES)) {
      Answer answer =
          session
              .transport()
              .download(
                  uri,
                  () -> Files.newOutputStream(file),
                  ArchiveKind.PACKAGE.maxPacked(),
                  progress::advance);
      if (!answer.ok()) {
        throw new CommandException(
            "RAYA-NET-004",
            url + " answers with status " + answer.status(),
            "check the address of the dependency");
      }
      Digest found = Digest.ofFile(file);
      if (pinned != null && !found.equals(pinned)) {
        throw new CommandException(
            "RAYA-PKG-009",
            url + " serves other bytes than raya.lock pins",
            "expected: " + pinned,
            "found: " + found,
            "nothing was unpacked; if the change is meant, `raya-pm update` with the package's"
                + " name takes it");
      }
      PackageArchive read = check(url, file);
      try (InputStream in = Files.newInputStream(file)) {
        CacheEntry entry =
            session
                .cache()
                .put(
                    in,
                    new ExpectedPackage(read.name(), read.version(), read.facts()),
                    "url+" + url);
        return of(url, entry);
      }
    } finally {
      HttpBlobSource.delete(file);
    }
  }

  /** The archive is whole, and what it says of its bytecode is so. */
  private static PackageArchive check(String url, Path file) throws CommandException, IOException {
    PackageArchive.WithModule whole = PackageArchive.readWithModule(file);
    PackageArchive read = whole.archive();
    try {
      PackageMetadata metadata = PackageMetadataCodec.read(read.metadata());
      List<String> claimed = new ArrayList<>();
      for (Capability each : metadata.capabilities()) {
        claimed.add(each.text());
      }
      List<String> needed = List.copyOf(Capabilities.of(RbinReader.read(whole.module())));
      if (!claimed.equals(needed)) {
        throw new CommandException(
            REFUSED,
            url
                + " is refused: its metadata.json says it needs "
                + claimed
                + ", its bytecode needs "
                + needed);
      }
      if (!metadata.natives().isEmpty()) {
        throw new CommandException(
            REFUSED,
            url + " is refused: it provides native modules, whose files only a registry serves");
      }
      return read;
    } catch (JsonException | RbinException malformed) {
      throw new CommandException(REFUSED, url + " is refused: " + malformed.getMessage());
    }
  }
}
