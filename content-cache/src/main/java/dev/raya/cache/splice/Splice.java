package dev.raya.cache.splice;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A file as a splice of another one (registry.md 1.5): repeated copyOffset, copyLength,
 * literalLength, each four bytes little-endian, and then the literal. Made for files that agree in
 * long runs, such as two snapshots of one repository; whoever applies it compares digests.
 */
public final class Splice {
  /** Shortest run that is copied, in bytes: shorter ones cost as much as they save. */
  private static final int WINDOW = 24;

  /**
   * Shortest run that is copied from elsewhere: files of like lines agree in short runs anywhere.
   */
  private static final int ELSEWHERE = 4 * WINDOW;

  private static final int HEAD = 3 * Integer.BYTES;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private Splice() {}

  /** The splice that makes {@code target} out of {@code base}. */
  public static byte[] encode(byte[] base, byte[] target) {
    Map<Long, Integer> windows = windows(base);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int copyOffset = 0;
    int copyLength = 0;
    int literal = 0;
    int at = 0;
    while (at < target.length) {
      // After a literal the two most often go on side by side.
      int beside = copyOffset + copyLength + (at - literal);
      int from =
          match(base, beside, target, at) >= WINDOW ? beside : find(windows, base, target, at);
      int length = from < 0 ? 0 : match(base, from, target, at);
      if (length < WINDOW) {
        at++;
        continue;
      }
      // What stands before may agree too: it was passed over to find a window.
      while (from > 0 && at > literal && base[from - 1] == target[at - 1]) {
        from--;
        at--;
        length++;
      }
      put(out, copyOffset, copyLength, target, literal, at);
      copyOffset = from;
      copyLength = length;
      at += length;
      literal = at;
    }
    put(out, copyOffset, copyLength, target, literal, target.length);
    return out.toByteArray();
  }

  private static Map<Long, Integer> windows(byte[] base) {
    Map<Long, Integer> windows = new HashMap<>();
    for (int at = 0; at + WINDOW <= base.length; at += WINDOW) {
      windows.putIfAbsent(hash(base, at), at);
    }
    return windows;
  }

  private static int find(Map<Long, Integer> windows, byte[] base, byte[] target, int at) {
    if (at + WINDOW > target.length) {
      return -1;
    }
    Integer from = windows.get(hash(target, at));
    int least = Math.min(ELSEWHERE, target.length - at);
    return from == null || match(base, from, target, at) < least ? -1 : from;
  }

  private static long hash(byte[] bytes, int at) {
    long hash = 0;
    for (int i = 0; i < WINDOW; i += Long.BYTES) {
      long word = 0;
      for (int j = 0; j < Long.BYTES; j++) {
        word = word << Byte.SIZE | bytes[at + i + j] & 0xff;
      }
      hash = (hash ^ word) * MULTIPLIER;
    }
    return hash;
  }

  private static int match(byte[] base, int from, byte[] target, int at) {
    if (from < 0 || from >= base.length) {
      return 0;
    }
    int most = Math.min(base.length - from, target.length - at);
    int differs = Arrays.mismatch(base, from, from + most, target, at, at + most);
    return differs < 0 ? most : differs;
  }

  private static void put(
      ByteArrayOutputStream out, int offset, int length, byte[] target, int from, int to) {
    if (length == 0 && from == to) {
      return;
    }
    ByteBuffer head = ByteBuffer.allocate(HEAD).order(ByteOrder.LITTLE_ENDIAN);
    out.writeBytes(head.putInt(offset).putInt(length).putInt(to - from).array());
    out.write(target, from, to - from);
  }

  /**
   * Applies a splice from anywhere.
   *
   * @param limit most bytes of the result
   * @return empty if it is malformed, reaches out of the base, or makes more than the limit
   */
  public static Optional<byte[]> apply(byte[] base, byte[] splice, int limit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.wrap(splice).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (in.hasRemaining()) {
        int offset = in.getInt();
        int length = in.getInt();
        int literal = in.getInt();
        if (offset < 0
            || length < 0
            || literal < 0
            || literal > in.remaining()
            || length > base.length - (long) offset
            || (long) out.size() + length + literal > limit) {
          return Optional.empty();
        }
        out.write(base, offset, length);
        out.write(splice, in.position(), literal);
        in.position(in.position() + literal);
      }
    } catch (BufferUnderflowException cutOff) {
      return Optional.empty();
    }
    return Optional.of(out.toByteArray());
  }
}
