package dev.raya.signing.tile;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.MerkleProofs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The writer of a log (C2SP tlog-tiles). Entries go in at the end; the tiles that show them are on
 * disk before {@link #publish} puts a checkpoint over them, so whoever reads a checkpoint finds its
 * tiles whatever happened in between. A writer that ended between the two is opened again at the
 * last checkpoint and given the same entries, which writes the same files.
 *
 * <p>Only the right edge is in memory: at most 255 hashes a level, and the last bundle. Not
 * thread-safe; one writer a log.
 */
public final class TileLog {
  /** Path of the checkpoint. */
  public static final String CHECKPOINT = "checkpoint";

  private static final int HASH_BYTES = 32;

  private final TileStore store;
  private long size;

  /** The hashes of each level's last tile, which is not full. */
  private final List<ByteArrayOutputStream> edge = new ArrayList<>();

  /** The last bundle, which is not full. */
  private ByteArrayOutputStream bundle = new ByteArrayOutputStream();

  /** Full tiles that no checkpoint covers yet. */
  private final List<TilePath> filled = new ArrayList<>();

  private TileLog(TileStore store, long size) {
    this.store = store;
    this.size = size;
  }

  /**
   * Opens a log at a tree that its last checkpoint names.
   *
   * @param head {@link TreeHead#EMPTY} for a new log
   * @throws SigningException if the tiles of that tree are missing or lead to another root
   * @throws IOException if they cannot be read
   */
  public static TileLog open(TileStore store, TreeHead head) throws SigningException, IOException {
    TileLog log = new TileLog(store, head.size());
    for (int level = 0; head.size() >> (TilePath.HEIGHT * level) > 0; level++) {
      long count = head.size() >> (TilePath.HEIGHT * level);
      ByteArrayOutputStream hashes = new ByteArrayOutputStream();
      int width = (int) (count % TilePath.FULL);
      if (width > 0) {
        hashes.writeBytes(TileTree.read(store, new TilePath(level, count / TilePath.FULL, width)));
      }
      log.edge.add(hashes);
    }
    int width = (int) (head.size() % TilePath.FULL);
    if (width > 0) {
      for (byte[] entry : entries(store, head.size() / TilePath.FULL, width)) {
        EntryBundle.append(log.bundle, entry);
      }
    }
    if (!log.head().equals(head)) {
      throw TileTree.refused(
          "the tiles of size "
              + head.size()
              + " lead to the root "
              + log.head().root()
              + ", expected "
              + head.root());
    }
    return log;
  }

  /**
   * Reads a bundle; where a partial one is gone, the full one that took its place.
   *
   * @param index of the bundle
   * @param width how many of its entries
   * @throws SigningException if there is none or it is malformed
   * @throws IOException if the source gives no answer
   */
  public static List<byte[]> entries(TileSource source, long index, int width)
      throws SigningException, IOException {
    TilePath path = new TilePath(TilePath.ENTRIES, index, width);
    byte[] found = source.read(path.text()).orElse(null);
    if (found != null) {
      return EntryBundle.read(found, width);
    }
    byte[] full =
        source.read(path.full().text()).orElseThrow(() -> TileTree.refused("there is no " + path));
    return EntryBundle.read(full, TilePath.FULL).subList(0, width);
  }

  /** Number of entries. */
  public long size() {
    return size;
  }

  /** Size and root. */
  public TreeHead head() {
    Digest root = null;
    // From the right: each subtree stands to the left of what is already folded.
    for (ByteArrayOutputStream level : edge) {
      byte[] hashes = level.toByteArray();
      int end = hashes.length / HASH_BYTES;
      while (end > 0) {
        int count = Integer.lowestOneBit(end);
        Digest left = TileTree.fold(hashes, (end - count) * HASH_BYTES, count);
        root = root == null ? left : MerkleProofs.nodeHash(left, root);
        end -= count;
      }
    }
    return root == null ? TreeHead.EMPTY : new TreeHead(size, root);
  }

  /**
   * Adds entries; their tiles are on disk when this returns, and no checkpoint covers them yet.
   *
   * @param entries at most {@link EntryBundle#MAX_ENTRY} bytes each
   * @return the tree with them
   * @throws IOException if a tile cannot be written; the log is then to be opened anew
   */
  public TreeHead append(List<byte[]> entries) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (byte[] entry : entries) {
      EntryBundle.append(bundle, entry);
      push(0, MerkleProofs.leafHash(entry), files);
      size++;
      if (size % TilePath.FULL == 0) {
        put(new TilePath(TilePath.ENTRIES, size / TilePath.FULL - 1, TilePath.FULL), bundle, files);
        bundle = new ByteArrayOutputStream();
      }
    }
    int width = (int) (size % TilePath.FULL);
    if (width > 0) {
      put(new TilePath(TilePath.ENTRIES, size / TilePath.FULL, width), bundle, files);
    }
    for (int level = 0; level < edge.size(); level++) {
      long count = size >> (TilePath.HEIGHT * level);
      int partial = (int) (count % TilePath.FULL);
      boolean grew = count > (size - entries.size()) >> (TilePath.HEIGHT * level);
      if (partial > 0 && grew) {
        put(new TilePath(level, count / TilePath.FULL, partial), edge.get(level), files);
      }
    }
    store.write(files);
    return head();
  }

  private void push(int level, Digest hash, Map<String, byte[]> files) {
    if (edge.size() == level) {
      edge.add(new ByteArrayOutputStream());
    }
    ByteArrayOutputStream hashes = edge.get(level);
    hashes.writeBytes(hash.bytes());
    if (hashes.size() == TilePath.FULL * HASH_BYTES) {
      long index = size >> (TilePath.HEIGHT * (level + 1));
      put(new TilePath(level, index, TilePath.FULL), hashes, files);
      Digest root = TileTree.fold(hashes.toByteArray(), 0, TilePath.FULL);
      edge.set(level, new ByteArrayOutputStream());
      push(level + 1, root, files);
    }
  }

  private void put(TilePath path, ByteArrayOutputStream content, Map<String, byte[]> files) {
    files.put(path.text(), content.toByteArray());
    if (path.isFull()) {
      filled.add(path);
    }
  }

  /**
   * Puts a checkpoint over what was appended, and deletes the partial tiles that it makes needless:
   * readers of an older checkpoint find the full ones in their place.
   *
   * @param note the signed checkpoint of {@link #head()}
   * @throws IOException if it cannot be written
   */
  public void publish(String note) throws IOException {
    store.write(Map.of(CHECKPOINT, note.getBytes(StandardCharsets.UTF_8)));
    for (TilePath path : filled) {
      store.deleteFolder(path.partials());
    }
    filled.clear();
  }
}
