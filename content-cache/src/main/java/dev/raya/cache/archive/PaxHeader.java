package dev.raya.cache.archive;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a pax extended header: {@code LENGTH key=value\n}, the length counting
 * itself. Only {@code path} is honoured; keys that other readers take names, sizes or links from
 * are refused.
 */
final class PaxHeader {
  private static final int MAX_DIGITS = 6;

  private PaxHeader() {}

  /**
   * The path of the entry that follows, or null where the header has none.
   *
   * @throws ArchiveException if the header is malformed or has a refused key
   */
  static @Nullable String path(byte[] payload) throws ArchiveException {
    String path = null;
    Set<String> keys = new HashSet<>();
    int at = 0;
    while (at < payload.length) {
      int space = indexOf(payload, ' ', at, Math.min(payload.length, at + MAX_DIGITS + 1));
      int length = space < 0 ? 0 : length(payload, at, space);
      int end = at + length;
      if (length <= 0 || end > payload.length || end <= space || payload[end - 1] != '\n') {
        throw malformed();
      }
      int equals = indexOf(payload, '=', space + 1, end - 1);
      if (equals <= space + 1) {
        throw malformed();
      }
      String key = ArchiveReader.utf8(payload, space + 1, equals - space - 1);
      if (!keys.add(key)) {
        throw new ArchiveException(null, "a pax header has each key once, found " + key + " twice");
      }
      switch (key) {
        case "path" -> path = ArchiveReader.utf8(payload, equals + 1, end - 1 - equals - 1);
        case "size", "linkpath" -> throw new ArchiveException(null, "pax headers have no " + key);
        default -> {
          if (key.startsWith("GNU.sparse.")) {
            throw new ArchiveException(null, "pax headers have no " + key);
          }
        }
      }
      at = end;
    }
    return path;
  }

  /** The digits before the blank, or 0 where they are no canonical number. */
  private static int length(byte[] payload, int from, int to) {
    int length = 0;
    for (int i = from; i < to; i++) {
      int digit = payload[i] - '0';
      if (digit < 0 || digit > 9 || (i == from && digit == 0)) {
        return 0;
      }
      length = length * 10 + digit;
    }
    return length;
  }

  private static int indexOf(byte[] bytes, char wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static ArchiveException malformed() {
    return new ArchiveException(null, "pax headers are well-formed");
  }
}
