package dev.raya.signing.tile;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import dev.raya.signing.log.MerkleProofs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Merkle tree of one size, read from tiles (RFC 9162 section 2.1 over C2SP tlog-tiles). What
 * the tiles say is believed only as far as {@link #requireRoot} ties it to a signed root: the
 * hashes of every proof are checked by whoever uses it. Keeps the tiles it read; not thread-safe.
 */
public final class TileTree {
  private static final int HASH_BYTES = 32;

  /** Tiles kept; a proof reads at most a dozen. */
  private static final int MAX_KEPT = 1_024;

  private final TileSource source;
  private final long size;
  private final Map<TilePath, byte[]> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<TilePath, byte[]> eldest) {
          return size() > MAX_KEPT;
        }
      };

  /**
   * Takes a tree; nothing is read yet.
   *
   * @param size number of leaves
   */
  public TileTree(TileSource source, long size) {
    if (size < 0) {
      throw new IllegalArgumentException("a tree of " + size + " leaves");
    }
    this.source = source;
    this.size = size;
  }

  /** Number of leaves. */
  public long size() {
    return size;
  }

  /**
   * The root that the tiles give.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if a tile is missing or malformed
   * @throws IOException if the source gives no answer
   */
  public Digest root() throws SigningException, IOException {
    return size == 0 ? Digest.of(new byte[0]) : range(0, size);
  }

  /**
   * Checks that the tiles lead to a root.
   *
   * @param expected of a checkpoint whose signatures were checked
   * @throws SigningException with {@link Code#NOT_IN_LOG} if they lead elsewhere
   * @throws IOException if the source gives no answer
   */
  public void requireRoot(Digest expected) throws SigningException, IOException {
    Digest found = root();
    if (!found.equals(expected)) {
      throw refused(
          "the tiles of size " + size + " lead to the root " + found + ", expected " + expected);
    }
  }

  /**
   * The hash of a leaf.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if a tile is missing or malformed
   * @throws IOException if the source gives no answer
   */
  public Digest leaf(long index) throws SigningException, IOException {
    requireWithin(index < size, index);
    return node(0, index);
  }

  /**
   * The path from a leaf to the root (RFC 9162 section 2.1.3.1).
   *
   * @param index of the leaf
   * @throws SigningException with {@link Code#NOT_IN_LOG} if a tile is missing or malformed
   * @throws IOException if the source gives no answer
   */
  public List<Digest> inclusion(long index) throws SigningException, IOException {
    requireWithin(index < size, index);
    List<Digest> path = new ArrayList<>();
    long low = 0;
    long high = size;
    while (high - low > 1) {
      long middle = low + split(high - low);
      if (index < middle) {
        path.addFirst(range(middle, high));
        high = middle;
      } else {
        path.addFirst(range(low, middle));
        low = middle;
      }
    }
    return path;
  }

  /**
   * That the tree begins with a smaller one (RFC 9162 section 2.1.4.1).
   *
   * @param first leaves of the smaller tree; 0 and the size itself are shown by an empty path
   * @throws SigningException with {@link Code#NOT_IN_LOG} if a tile is missing or malformed
   * @throws IOException if the source gives no answer
   */
  public List<Digest> consistency(long first) throws SigningException, IOException {
    requireWithin(first <= size, first);
    List<Digest> path = new ArrayList<>();
    if (first == 0 || first == size) {
      return path;
    }
    long low = 0;
    long high = size;
    boolean whole = true;
    while (high != first) {
      long middle = low + split(high - low);
      if (first <= middle) {
        path.addFirst(range(middle, high));
        high = middle;
      } else {
        path.addFirst(range(low, middle));
        low = middle;
        whole = false;
      }
    }
    if (!whole) {
      path.addFirst(range(low, high));
    }
    return path;
  }

  private void requireWithin(boolean within, long index) throws SigningException {
    if (index < 0 || !within) {
      throw refused("there is no " + index + " in a tree of " + size);
    }
  }

  /** The largest power of two below a number of at least 2. */
  private static long split(long count) {
    return Long.highestOneBit(count - 1);
  }

  /** The hash over the leaves from {@code low} to {@code high}, which a proof has to name. */
  private Digest range(long low, long high) throws SigningException, IOException {
    long count = high - low;
    if (Long.bitCount(count) == 1) {
      int height = Long.numberOfTrailingZeros(count);
      return node(height, low >> height);
    }
    long middle = low + split(count);
    return MerkleProofs.nodeHash(range(low, middle), range(middle, high));
  }

  /** A complete subtree: stored in a tile, or a few levels above the hashes of one. */
  private Digest node(int height, long index) throws SigningException, IOException {
    int level = height / TilePath.HEIGHT;
    int above = height % TilePath.HEIGHT;
    long first = index << above;
    byte[] tile = tile(level, first / TilePath.FULL);
    int offset = (int) (first % TilePath.FULL) * HASH_BYTES;
    return fold(tile, offset, 1 << above);
  }

  /** The root over a power of two of hashes that stand one after the other. */
  static Digest fold(byte[] hashes, int offset, int count) {
    if (count == 1) {
      return new Digest(HexFormat.of().formatHex(hashes, offset, offset + HASH_BYTES));
    }
    int half = count / 2;
    return MerkleProofs.nodeHash(
        fold(hashes, offset, half), fold(hashes, offset + half * HASH_BYTES, half));
  }

  private byte[] tile(int level, long index) throws SigningException, IOException {
    long count = (size >> (TilePath.HEIGHT * level)) - index * TilePath.FULL;
    TilePath path = new TilePath(level, index, (int) Math.min(count, TilePath.FULL));
    byte[] known = kept.get(path);
    if (known != null) {
      return known;
    }
    byte[] read = read(source, path);
    kept.put(path, read);
    return read;
  }

  /**
   * Reads a tile of hashes; where a partial one is gone, the full one that took its place.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if there is none or it is malformed
   * @throws IOException if the source gives no answer
   */
  static byte[] read(TileSource source, TilePath path) throws SigningException, IOException {
    Optional<byte[]> found = source.read(path.text());
    TilePath taken = path;
    if (found.isEmpty() && !path.isFull()) {
      taken = path.full();
      found = source.read(taken.text());
    }
    byte[] bytes = found.orElseThrow(() -> refused("there is no " + path));
    if (bytes.length != taken.width() * HASH_BYTES) {
      throw refused(
          taken + ": expected " + taken.width() * HASH_BYTES + " bytes, found " + bytes.length);
    }
    return taken.equals(path) ? bytes : Arrays.copyOf(bytes, path.width() * HASH_BYTES);
  }

  static SigningException refused(String why) {
    return new SigningException(Code.NOT_IN_LOG, "log: " + why);
  }
}
