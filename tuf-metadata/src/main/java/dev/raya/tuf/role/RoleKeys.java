package dev.raya.tuf.role;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Who signs a role.
 *
 * @param keyIds the keys that may, each once
 * @param threshold how many of them must, at least 1
 */
public record RoleKeys(Set<String> keyIds, int threshold) {
  /**
   * Copies the set in, keeping its order.
   *
   * @throws IllegalArgumentException if the threshold is below 1
   */
  public RoleKeys {
    keyIds = java.util.Collections.unmodifiableSet(new LinkedHashSet<>(keyIds));
    if (threshold < 1) {
      throw new IllegalArgumentException("threshold " + threshold + " is below 1");
    }
  }

  /** The keys of a list, and how many of them must sign. */
  public static RoleKeys of(List<TufKey> keys, int threshold) {
    Set<String> ids = new LinkedHashSet<>();
    for (TufKey key : keys) {
      ids.add(key.keyId().hex());
    }
    return new RoleKeys(ids, threshold);
  }
}
