package dev.raya.cache.store;

import dev.raya.cache.archive.ArchiveFacts;

/**
 * What a package must turn out to be, as index document and lockfile say.
 *
 * @param name the package's name, as metadata.json spells it
 * @param version its version, as metadata.json spells it
 * @param facts checksum, size and tree
 */
public record ExpectedPackage(String name, String version, ArchiveFacts facts) {}
