package dev.raya.compiler.source;

import dev.raya.cache.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One source text with its name. Offsets inside the compiler are UTF-16 indices into {@link
 * #text()}; {@link #position} turns one into line, column and byte offset. Immutable; a text that
 * was promised is read when it is first asked for.
 */
public final class SourceFile {
  private final String name;
  private final boolean valid;
  private final Supplier<String> promised;
  private volatile @Nullable String text;
  private volatile @Nullable Digest digest;

  /** Worked out when they are first asked for: most files are never told about. */
  private volatile @Nullable Lines lines;

  /**
   * Where the lines start.
   *
   * @param starts as UTF-16 offsets
   * @param bytes as byte offsets; null if the text is ASCII, where they are the same
   */
  private record Lines(int[] starts, int @Nullable [] bytes) {
    static Lines of(String text) {
      int[] starts = lineStarts(text);
      return new Lines(starts, isAscii(text) ? null : lineBytes(text, starts));
    }
  }

  private SourceFile(String name, String text, boolean valid) {
    this.name = name;
    this.text = text;
    this.valid = valid;
    this.promised = () -> text;
  }

  private SourceFile(String name, Digest digest, Supplier<String> promised) {
    this.name = name;
    this.valid = true;
    this.digest = digest;
    this.promised = promised;
  }

  private Lines lines() {
    Lines known = lines;
    if (known == null) {
      known = Lines.of(text());
      lines = known;
    }
    return known;
  }

  /** A file from its text. */
  public static SourceFile of(String name, String text) {
    return new SourceFile(name, text, true);
  }

  /**
   * A file from its bytes. Invalid UTF-8 is replaced by U+FFFD and remembered ({@link
   * #isValidUtf8}).
   */
  public static SourceFile of(String name, byte[] utf8) {
    String text = new String(utf8, StandardCharsets.UTF_8);
    boolean valid =
        text.indexOf('\uFFFD') < 0 || Arrays.equals(text.getBytes(StandardCharsets.UTF_8), utf8);
    return new SourceFile(name, text, valid);
  }

  /**
   * A file that is read when somebody wants its text.
   *
   * @param digest of its text in UTF-8, all of which is valid
   * @param text gives that text, or throws {@link StaleSourceException} if it is another by now
   */
  public static SourceFile promised(String name, Digest digest, Supplier<String> text) {
    return new SourceFile(name, digest, text);
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[64];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n' || c == '\r') {
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = i + 1;
      }
    }
    return Arrays.copyOf(starts, count);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static int[] lineBytes(String text, int[] lineStarts) {
    int[] bytes = new int[lineStarts.length];
    for (int i = 1; i < bytes.length; i++) {
      bytes[i] = bytes[i - 1] + bytesBetween(text, lineStarts[i - 1], lineStarts[i]);
    }
    return bytes;
  }

  /** The file's name as diagnostics print it. */
  public String name() {
    return name;
  }

  /** The whole text, a byte order mark included. */
  public String text() {
    String known = text;
    if (known == null) {
      known = promised.get();
      text = known;
    }
    return known;
  }

  /** Whether the text is in memory. */
  public boolean isRead() {
    return text != null;
  }

  /** The digest of the text in UTF-8. */
  public Digest digest() {
    Digest known = digest;
    if (known == null) {
      known = Digest.of(text().getBytes(StandardCharsets.UTF_8));
      digest = known;
    }
    return known;
  }

  /** Whether the bytes were valid UTF-8. */
  public boolean isValidUtf8() {
    return valid;
  }

  /** The number of lines, at least 1. */
  public int lineCount() {
    return lines().starts().length;
  }

  /** Line and column from 1 (column in UTF-16 units) and byte offset from 0 of a UTF-16 offset. */
  public Position position(int offset) {
    int line = line(offset);
    int start = lineStart(line);
    int[] lineBytes = lines().bytes();
    int bytes =
        lineBytes == null ? offset : lineBytes[line - 1] + bytesBetween(text(), start, offset);
    return new Position(line, offset - start + 1, bytes);
  }

  /** The line, from 1, on which a UTF-16 offset lies. */
  public int line(int offset) {
    int found = Arrays.binarySearch(lines().starts(), offset);
    return found >= 0 ? found + 1 : -found - 1;
  }

  /** The UTF-16 offset at which a line (from 1) starts. */
  public int lineStart(int line) {
    return lines().starts()[line - 1];
  }

  /** The text of a line (from 1) without its terminator. */
  public String lineText(int line) {
    String text = text();
    int[] lineStarts = lines().starts();
    int start = lineStarts[line - 1];
    int end = line < lineStarts.length ? lineStarts[line] : text.length();
    while (end > start && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(start, end);
  }

  /** Length in UTF-8 of a part of a text; half a surrogate pair counts as the replacement does. */
  private static int bytesBetween(String text, int start, int end) {
    int bytes = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes++;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        bytes += 4;
        i++;
      } else {
        bytes += 3;
      }
    }
    return bytes;
  }

  @Override
  public String toString() {
    return name;
  }
}
