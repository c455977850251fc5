package dev.raya.signing.tile;

import dev.raya.cache.digest.Digest;

/**
 * Size and root of a log's tree.
 *
 * @param size number of leaves
 * @param root of the tree
 */
public record TreeHead(long size, Digest root) {
  /** The tree without leaves. */
  public static final TreeHead EMPTY = new TreeHead(0, Digest.of(new byte[0]));

  /** Checks the size. */
  public TreeHead {
    if (size < 0) {
      throw new IllegalArgumentException("a tree of " + size + " leaves");
    }
  }
}
