package dev.raya.cli.pm.project;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.store.PackageCache;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PackageMetadataCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The {@code metadata.json} of locked packages, from the cache.
 *
 * @param cache the cache
 */
public record LockedMetadata(PackageCache cache) {
  /** The metadata of a package that has an archive, or null where it is not at hand. */
  public @Nullable PackageMetadata of(LockedPackage locked) {
    Digest checksum = locked.checksum();
    if (checksum == null) {
      return null;
    }
    Path metadata = cache.folder(checksum).resolve(PackageMetadata.FILE_NAME);
    try {
      return PackageMetadataCodec.read(Files.readAllBytes(metadata));
    } catch (IOException | JsonException damaged) {
      // What the entry does not say, it does not grant; `cache verify` finds the damage.
      return null;
    }
  }
}
