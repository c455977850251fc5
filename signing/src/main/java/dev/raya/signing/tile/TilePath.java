package dev.raya.signing.tile;

import org.jspecify.annotations.Nullable;

/**
 * The path of a tile or of a bundle of entries (C2SP tlog-tiles, "Merkle tree" and "Log entries").
 *
 * @param level height of the tile's lowest hashes in units of eight tree levels; {@link #ENTRIES}
 *     for a bundle of entries
 * @param index counted from 0 at the left
 * @param width hashes or entries in it, 1 to {@link #FULL}
 */
public record TilePath(int level, long index, int width) {
  /** Hashes of a full tile, entries of a full bundle. */
  public static final int FULL = 256;

  /** Tree levels that one tile spans. */
  public static final int HEIGHT = 8;

  /** In the place of a level: a bundle of entries. */
  public static final int ENTRIES = -1;

  /** A tree of 2^63 leaves has no higher tiles. */
  private static final int MAX_LEVEL = 7;

  private static final String PREFIX = "tile/";

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException if one is broken
   */
  public TilePath {
    if (level < ENTRIES || level > MAX_LEVEL || index < 0 || width < 1 || width > FULL) {
      throw new IllegalArgumentException("no tile: " + level + ' ' + index + ' ' + width);
    }
  }

  /** Whether nothing can be added to it. */
  public boolean isFull() {
    return width == FULL;
  }

  /** The path of the full tile that this one grows into. */
  public TilePath full() {
    return new TilePath(level, index, FULL);
  }

  /** Whether it is a bundle of entries. */
  public boolean isEntries() {
    return level == ENTRIES;
  }

  /** The path below the log's root, such as {@code tile/0/x001/234.p/17}. */
  public String text() {
    StringBuilder out = new StringBuilder(folder());
    if (!isFull()) {
      out.append(".p/").append(width);
    }
    return out.toString();
  }

  /** The path of the full tile, without the partial part. */
  private String folder() {
    StringBuilder number = new StringBuilder(three(index % 1000));
    for (long rest = index / 1000; rest > 0; rest /= 1000) {
      number.insert(0, 'x' + three(rest % 1000) + '/');
    }
    return PREFIX + (isEntries() ? "entries" : String.valueOf(level)) + '/' + number;
  }

  /** The folder that holds the partial forms. */
  String partials() {
    return folder() + ".p";
  }

  private static String three(long group) {
    String digits = String.valueOf(group);
    return "0".repeat(3 - digits.length()) + digits;
  }

  /**
   * Reads a path.
   *
   * @return null if it is none in its one form
   */
  public static @Nullable TilePath tryParse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length < 3 || parts.length > 12 || !parts[0].equals("tile")) {
      return null;
    }
    int level = parts[1].equals("entries") ? ENTRIES : (int) number(parts[1], MAX_LEVEL);
    if (level < 0 && !parts[1].equals("entries")) {
      return null;
    }
    int last = parts.length - 1;
    int width = FULL;
    if (parts[last - 1].endsWith(".p")) {
      width = (int) number(parts[last], FULL - 1);
      last--;
    }
    long index = 0;
    for (int i = 2; i <= last; i++) {
      String part = parts[i];
      if (i < last) {
        if (!part.startsWith("x")) {
          return null;
        }
        part = part.substring(1);
      } else if (width != FULL) {
        part = part.substring(0, part.length() - 2);
      }
      if (part.length() != 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return null;
      }
      if (index > Long.MAX_VALUE / 1000 - 1) {
        return null;
      }
      index = index * 1000 + Integer.parseInt(part);
    }
    if (width < 1) {
      return null;
    }
    TilePath path = new TilePath(level, index, width);
    return path.text().equals(text) ? path : null;
  }

  private static long number(String text, long most) {
    if (text.isEmpty() || text.length() > 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    long number = Long.parseLong(text);
    return number <= most ? number : -1;
  }

  @Override
  public String toString() {
    return text();
  }
}
