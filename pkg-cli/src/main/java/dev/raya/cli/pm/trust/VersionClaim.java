package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.signing.log.LogRecord;
import java.util.List;

/**
 * What a registry's index document says of one version, as far as trust is concerned.
 *
 * @param name the package
 * @param version SemVer text
 * @param log index of the {@code publish} record
 * @param time logged time, RFC 3339
 * @param archive digest of the archive
 * @param size of the archive in bytes
 * @param tree digest of the unpacked files
 * @param natives native blobs, sorted by module and target
 * @param capabilities what the bytecode needs, sorted
 * @param publishers identities of the last {@code package} line before the version, as JSON
 * @param line the version line, for what metadata.json must repeat
 */
public record VersionClaim(
    String name,
    String version,
    long log,
    String time,
    Digest archive,
    long size,
    Digest tree,
    List<LogRecord.Native> natives,
    List<String> capabilities,
    List<Json> publishers,
    Json.Obj line) {
  /** Copies the lists. */
  public VersionClaim {
    natives = List.copyOf(natives);
    capabilities = List.copyOf(capabilities);
    publishers = List.copyOf(publishers);
  }

  /** Name and version as people write them. */
  public String label() {
    return name + "@" + version;
  }
}
