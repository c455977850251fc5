package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import java.util.List;

/**
 * What a lockfile says of a registry package, as far as trust is concerned.
 *
 * @param name the package
 * @param version SemVer text
 * @param origin the registry's own name for itself
 * @param checksum digest of the archive
 * @param tree digest of the unpacked files
 * @param size of the archive in bytes
 * @param capabilities what its bytecode needs, sorted
 * @param log index of its record in the registry's log
 * @param time logged time
 */
public record LockedClaim(
    String name,
    String version,
    String origin,
    Digest checksum,
    Digest tree,
    long size,
    List<String> capabilities,
    long log,
    String time) {
  /** Copies the list. */
  public LockedClaim {
    capabilities = List.copyOf(capabilities);
  }

  /** Name and version as people write them. */
  public String label() {
    return name + "@" + version;
  }
}
