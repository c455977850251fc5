package dev.raya.signing.tile;

import dev.raya.signing.SigningException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Entries one after the other, each after its length in two bytes (C2SP tlog-tiles). */
public final class EntryBundle {
  /** Largest entry that the format holds, in bytes. */
  public static final int MAX_ENTRY = (1 << 16) - 1;

  private EntryBundle() {}

  static void append(ByteArrayOutputStream bundle, byte[] entry) {
    if (entry.length > MAX_ENTRY) {
      throw new IllegalArgumentException("an entry of " + entry.length + " bytes");
    }
    bundle.write(entry.length >> 8);
    bundle.write(entry.length);
    bundle.writeBytes(entry);
  }

  /**
   * Reads a bundle.
   *
   * @param bytes the file
   * @param count how many entries are to be in it
   * @throws SigningException if it is cut off, holds fewer or more
   */
  public static List<byte[]> read(byte[] bytes, int count) throws SigningException {
    List<byte[]> entries = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int length = at + 2 <= bytes.length ? (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff : -1;
      if (length < 0 || bytes.length - at - 2 < length || entries.size() == count) {
        throw TileTree.refused("malformed bundle of entries");
      }
      entries.add(Arrays.copyOfRange(bytes, at + 2, at + 2 + length));
      at += 2 + length;
    }
    if (entries.size() != count) {
      throw TileTree.refused("expected " + count + " entries, found " + entries.size());
    }
    return entries;
  }
}
