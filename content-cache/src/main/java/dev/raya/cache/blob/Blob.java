package dev.raya.cache.blob;

import dev.raya.cache.digest.Digest;

/**
 * A stored blob.
 *
 * @param digest SHA-256 of its bytes
 * @param size count of its bytes
 */
public record Blob(Digest digest, long size) {}
