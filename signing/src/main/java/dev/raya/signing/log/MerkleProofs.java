package dev.raya.signing.log;

import dev.raya.cache.digest.Digest;
import java.security.MessageDigest;
import java.util.List;

/**
 * Proofs over the Merkle tree of a log (RFC 9162 section 2.1, hashes as in RFC 6962: SHA-256 over
 * {@code 0x00} and the entry for a leaf, over {@code 0x01} and both children for a node).
 */
public final class MerkleProofs {
  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private MerkleProofs() {}

  /** The hash of a leaf. */
  public static Digest leafHash(byte[] entry) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(LEAF);
    sha256.update(entry);
    return Digest.finish(sha256);
  }

  /** The hash of an inner node. */
  public static Digest nodeHash(Digest left, Digest right) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(NODE);
    sha256.update(left.bytes());
    sha256.update(right.bytes());
    return Digest.finish(sha256);
  }

  /**
   * Whether a leaf is at an index of a tree (RFC 9162 section 2.1.3.2).
   *
   * @param index counted from 0
   * @param size number of leaves
   * @param leaf the leaf's hash
   * @param path hashes from the leaf's sibling up
   * @param root of the tree
   */
  public static boolean includes(
      long index, long size, Digest leaf, List<Digest> path, Digest root) {
    if (index < 0 || index >= size) {
      return false;
    }
    long node = index;
    long last = size - 1;
    Digest hash = leaf;
    for (Digest sibling : path) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        hash = nodeHash(sibling, hash);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        hash = nodeHash(hash, sibling);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  /**
   * Whether a tree begins with a smaller one (RFC 9162 section 2.1.4.2). A tree is consistent with
   * itself by an empty path; the empty tree is consistent with every other, also by an empty path.
   *
   * @param first leaves of the smaller tree
   * @param second leaves of the larger tree
   * @param path the proof's hashes
   */
  public static boolean consistent(
      long first, long second, Digest firstRoot, Digest secondRoot, List<Digest> path) {
    if (first < 0 || second < first) {
      return false;
    }
    if (first == second || first == 0) {
      return path.isEmpty()
          && (first == 0 ? isEmptyRoot(firstRoot) : firstRoot.equals(secondRoot))
          && (second != 0 || isEmptyRoot(secondRoot));
    }
    boolean whole = Long.bitCount(first) == 1;
    if (path.isEmpty() && !whole) {
      return false;
    }
    long node = first - 1;
    long last = second - 1;
    while ((node & 1) == 1) {
      node >>= 1;
      last >>= 1;
    }
    Digest older = whole ? firstRoot : path.getFirst();
    Digest newer = older;
    for (Digest hash : whole ? path : path.subList(1, path.size())) {
      if (last == 0) {
        return false;
      }
      if ((node & 1) == 1 || node == last) {
        older = nodeHash(hash, older);
        newer = nodeHash(hash, newer);
        while ((node & 1) == 0 && node != 0) {
          node >>= 1;
          last >>= 1;
        }
      } else {
        newer = nodeHash(newer, hash);
      }
      node >>= 1;
      last >>= 1;
    }
    return last == 0 && older.equals(firstRoot) && newer.equals(secondRoot);
  }

  private static boolean isEmptyRoot(Digest root) {
    return root.equals(Digest.of(new byte[0]));
  }
}
