package dev.raya.cli.pm.publish;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.resolver.metadata.PackageMetadata;
import java.nio.file.Path;

/**
 * A packed version.
 *
 * @param archive the archive's file
 * @param facts its digests and size
 * @param metadata its {@code metadata.json}
 */
public record Packed(Path archive, ArchiveFacts facts, PackageMetadata metadata) {}
