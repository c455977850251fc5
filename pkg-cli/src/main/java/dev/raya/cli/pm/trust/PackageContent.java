package dev.raya.cli.pm.trust;

import dev.raya.resolver.metadata.PackageMetadata;
import java.util.SortedSet;

/**
 * What an archive says of itself.
 *
 * @param metadata its {@code metadata.json}
 * @param capabilities what its {@code module.rbin} needs, recomputed
 */
public record PackageContent(PackageMetadata metadata, SortedSet<String> capabilities) {}
