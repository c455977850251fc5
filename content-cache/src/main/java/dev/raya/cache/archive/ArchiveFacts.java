package dev.raya.cache.archive;

import dev.raya.cache.digest.Digest;

/**
 * What identifies an archive (packages.md section 5).
 *
 * @param checksum SHA-256 of the compressed bytes: the package's identity
 * @param size count of the compressed bytes
 * @param tree {@link TreeDigest} of the files inside, which does not depend on the compressor
 */
public record ArchiveFacts(Digest checksum, long size, Digest tree) {}
