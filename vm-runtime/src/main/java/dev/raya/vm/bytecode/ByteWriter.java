package dev.raya.vm.bytecode;

import java.util.Arrays;

/** A growing little-endian byte array. */
final class ByteWriter {
  private byte[] bytes;
  private int size;

  ByteWriter(int expected) {
    bytes = new byte[Math.max(16, expected)];
  }

  int size() {
    return size;
  }

  private int grow(int count) {
    int at = size;
    size += count;
    if (size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size, 2 * bytes.length));
    }
    return at;
  }

  void u8(int value) {
    int at = grow(1);
    bytes[at] = (byte) value;
  }

  void u16(int value) {
    int at = grow(2);
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >> 8);
  }

  void u32(int value) {
    putU32(grow(4), value);
  }

  void putU32(int at, int value) {
    bytes[at] = (byte) value;
    bytes[at + 1] = (byte) (value >> 8);
    bytes[at + 2] = (byte) (value >> 16);
    bytes[at + 3] = (byte) (value >> 24);
  }

  void u64(long value) {
    u32((int) value);
    u32((int) (value >>> 32));
  }

  void raw(byte[] content) {
    int at = grow(content.length);
    System.arraycopy(content, 0, bytes, at, content.length);
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }
}
