package dev.raya.cache.store;

import dev.raya.cache.digest.Digest;
import java.time.Instant;

/**
 * How much room an entry takes and when it was last used.
 *
 * @param checksum the entry
 * @param bytes sum of the sizes of its files
 * @param lastUsed when it was put or last named by an install; accurate to a day
 */
public record EntryUse(Digest checksum, long bytes, Instant lastUsed) {}
