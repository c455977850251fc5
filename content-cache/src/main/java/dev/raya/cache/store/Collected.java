package dev.raya.cache.store;

import java.util.List;

/**
 * What a collection removed, or would remove.
 *
 * @param removed the entries, least recently used first
 * @param bytes sum of their sizes
 * @param remaining bytes of the entries that stay
 */
public record Collected(List<EntryUse> removed, long bytes, long remaining) {
  /** Copies the list. */
  public Collected {
    removed = List.copyOf(removed);
  }
}
