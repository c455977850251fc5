package dev.raya.cache.store;

/**
 * What the cache holds.
 *
 * @param entries count of entries
 * @param bytes sum of the sizes of their files, in bytes
 */
public record CacheStats(long entries, long bytes) {}
