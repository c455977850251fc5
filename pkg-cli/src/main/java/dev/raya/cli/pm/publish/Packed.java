package dev.raya.cli.pm.publish;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.resolver.metadata.PackageMetadata;
import java.nio.file.Path;
import java.util.List;

/**
 * A packed version.
 *
 * @param archive the archive's file
 * @param facts its digests and size
 * @param metadata its {@code metadata.json}
 * @param natives its native libraries, sorted by module and target; not in the archive
 */
public record Packed(
    Path archive, ArchiveFacts facts, PackageMetadata metadata, List<NativeArtifact> natives) {
  /** Copies the list. */
  public Packed {
    natives = List.copyOf(natives);
  }
}
