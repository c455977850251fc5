package dev.raya.vm.bytecode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the values of one section, never beyond its end. */
final class SectionReader {
  /** Reads one element of a vector. */
  interface Element<T> {
    T read() throws RbinException;
  }

  private final byte[] bytes;
  private final int start;
  private final int end;
  private final String section;
  private int at;

  SectionReader(byte[] bytes, int start, int length, String section) {
    this.bytes = bytes;
    this.start = start;
    this.end = start + length;
    this.section = section;
    this.at = start;
  }

  int position() {
    return at - start;
  }

  int length() {
    return end - start;
  }

  int left() {
    return end - at;
  }

  RbinException fail(RbinErrorKind kind, String detail) {
    return new RbinException(kind, section, -1, position(), detail);
  }

  private int take(int count) throws RbinException {
    if (left() < count) {
      throw fail(RbinErrorKind.BAD_SECTION, "the section ends within a value");
    }
    int from = at;
    at += count;
    return from;
  }

  int u8() throws RbinException {
    return bytes[take(1)] & 0xFF;
  }

  int u16() throws RbinException {
    int from = take(2);
    return bytes[from] & 0xFF | (bytes[from + 1] & 0xFF) << 8;
  }

  int u32() throws RbinException {
    int from = take(4);
    return bytes[from] & 0xFF
        | (bytes[from + 1] & 0xFF) << 8
        | (bytes[from + 2] & 0xFF) << 16
        | bytes[from + 3] << 24;
  }

  long u64() throws RbinException {
    long low = u32() & 0xFFFF_FFFFL;
    return low | (long) u32() << 32;
  }

  void skip(int count) throws RbinException {
    take(count);
  }

  /** A reader of the same section that is at a position. */
  SectionReader at(int position) {
    SectionReader other = new SectionReader(bytes, start, length(), section);
    other.at = start + position;
    return other;
  }

  byte[] raw(int count) throws RbinException {
    int from = take(count);
    return Arrays.copyOfRange(bytes, from, from + count);
  }

  Sha256 digest() throws RbinException {
    return Sha256.of(raw(32));
  }

  /**
   * A count of elements, checked against the bytes left and a limit before anything is allocated.
   */
  int count(int minimumSize, int limit) throws RbinException {
    int count = u32();
    if (count < 0 || count > limit || (long) count * minimumSize > left()) {
      throw fail(
          RbinErrorKind.LIMIT_EXCEEDED,
          Integer.toUnsignedString(count) + " elements do not fit or pass the limit " + limit);
    }
    return count;
  }

  <T> List<T> vector(int minimumSize, int limit, Element<T> element) throws RbinException {
    int count = count(minimumSize, limit);
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(element.read());
    }
    return list;
  }

  /** {@code vec<u32>}. */
  List<Integer> ints(int limit) throws RbinException {
    return vector(4, limit, this::u32);
  }

  /** Flag bits, none of them outside a mask. */
  int flags(int value, int mask) throws RbinException {
    if ((value & ~mask) != 0) {
      throw fail(RbinErrorKind.NON_CANONICAL, "reserved bits in 0x" + Integer.toHexString(value));
    }
    return value;
  }

  void requireEnd() throws RbinException {
    if (at != end) {
      throw fail(RbinErrorKind.BAD_SECTION, left() + " bytes are left over");
    }
  }
}
