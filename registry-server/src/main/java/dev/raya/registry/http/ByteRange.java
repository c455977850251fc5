package dev.raya.registry.http;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One range of bytes (RFC 9110, section 14). Several ranges in one request are answered with the
 * whole, which the standard allows.
 *
 * @param start first byte
 * @param length count of bytes, at least 1
 */
public record ByteRange(long start, long length) {

  /** What a Range header asks of a representation. */
  public sealed interface Asked {
    /** All of it. */
    record Whole() implements Asked {}

    /** A part of it. */
    record Part(ByteRange range) implements Asked {}

    /** Bytes that it does not have: 416. */
    record Unsatisfiable() implements Asked {}
  }

  /**
   * Reads a Range header.
   *
   * @param header its value, or null
   * @param size length of the representation
   */
  public static Asked of(@Nullable String header, long size) {
    if (header == null || !header.startsWith("bytes=") || header.indexOf(',') >= 0) {
      return new Asked.Whole();
    }
    String spec = header.substring("bytes=".length()).strip();
    int dash = spec.indexOf('-');
    if (dash < 0) {
      return new Asked.Whole();
    }
    Optional<Long> first = number(spec.substring(0, dash));
    Optional<Long> last = number(spec.substring(dash + 1));
    if (dash == 0) {
      if (last.isEmpty()) {
        return new Asked.Whole();
      }
      long length = Math.min(last.get(), size);
      return length == 0
          ? new Asked.Unsatisfiable()
          : new Asked.Part(new ByteRange(size - length, length));
    }
    boolean open = dash == spec.length() - 1;
    if (first.isEmpty() || (last.isEmpty() && !open)) {
      return new Asked.Whole();
    }
    long end = open ? size - 1 : Math.min(last.orElseThrow(), size - 1);
    if (!open && last.orElseThrow() < first.get()) {
      return new Asked.Whole();
    }
    return first.get() >= size
        ? new Asked.Unsatisfiable()
        : new Asked.Part(new ByteRange(first.get(), end - first.get() + 1));
  }

  private static Optional<Long> number(String digits) {
    if (digits.isEmpty() || digits.length() > 18) {
      return Optional.empty();
    }
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return Optional.empty();
      }
    }
    return Optional.of(Long.parseLong(digits));
  }
}
