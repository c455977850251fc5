package dev.raya.cli.pm.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cache.store.PackageCache;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.project.LockedMetadata;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import dev.raya.resolver.project.PlainPackages;
import dev.raya.resolver.project.ProjectManifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The {@code metadata.json} of the entries of one install, each read once; of plain packages not
 * read but as the lockfile has it, until that counts no more. For one thread.
 */
final class EntryMetadata {
  private final PackageCache cache;
  private final Map<Digest, PackageMetadata> known = new HashMap<>();
  private final Set<Digest> assumed = new HashSet<>();

  EntryMetadata(PackageCache cache) {
    this.cache = cache;
  }

  /** Takes what was looked at on another thread. */
  void take(LockedAhead.Seen seen) {
    known.putAll(seen.metadata());
    assumed.addAll(seen.assumed());
  }

  /** Takes what was read of packages as they entered the cache. */
  void take(Map<Digest, PackageMetadata> fetched) {
    known.putAll(fetched);
  }

  /** What is known, by the checksum of its entry; not copied. */
  Map<Digest, PackageMetadata> known() {
    return known;
  }

  /** Whether some was not read. */
  boolean assumes() {
    return !assumed.isEmpty();
  }

  /** From here on what was assumed counts no more: whoever asks reads it. */
  void readAssumed() {
    known.keySet().removeAll(assumed);
    assumed.clear();
  }

  /** What was read of an entry says nothing of the one that takes its place. */
  void forget(Digest entry) {
    known.remove(entry);
    readAssumed();
  }

  /** Whether a package is plain, as far as its metadata was looked at. */
  boolean isPlain(Digest entry) {
    PackageMetadata present = known.get(entry);
    return present != null && PlainPackages.isPlain(present, Resolutions.toolchainVersion());
  }

  /** The metadata of a package that has an archive, or null where it is not at hand. */
  @Nullable PackageMetadata of(LockedPackage locked) {
    Digest checksum = locked.checksum();
    return checksum == null
        ? null
        : known.computeIfAbsent(checksum, entry -> new LockedMetadata(cache).of(locked));
  }

  /**
   * Whether the lockfile followed from the manifest as it is written, and the edited one differs in
   * nothing that resolution reads but what the project itself depends on.
   *
   * @param accepted what the last install has accepted, or null
   * @param manifests those that the edited manifest leads to
   * @throws CommandException if the manifest as it is written is malformed
   */
  static boolean changesDependenciesAlone(
      ProjectFolder project,
      @Nullable AcceptedEntries accepted,
      ProjectManifests manifests,
      String written,
      Manifest edited)
      throws CommandException {
    return accepted != null
        && manifests.paths().isEmpty()
        && !project.isMember()
        && accepted.isOfManifest(Digest.of(written.getBytes(UTF_8)))
        && Arrays.equals(
            besideDependencies(Manifests.parse(project, written)), besideDependencies(edited));
  }

  private static byte[] besideDependencies(Manifest manifest) {
    Map<String, Json> rest = new TreeMap<>(manifest.resolutionInput().members());
    rest.remove("dependencies");
    rest.remove("dev-dependencies");
    return CanonicalJson.bytes(new Json.Obj(rest));
  }

  /** What can be seen of an entry without hashing it. */
  static boolean isReadable(CacheEntry entry) throws IOException {
    try {
      PackageMetadataCodec.read(Files.readAllBytes(entry.file(PackageMetadata.FILE_NAME)));
      return Files.isRegularFile(entry.file("module.rbin"), LinkOption.NOFOLLOW_LINKS);
    } catch (JsonException | NoSuchFileException malformed) {
      return false;
    }
  }
}
