package dev.raya.vm.bytecode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The instruction bytes of one function, immutable; numbers in it are little-endian. */
public final class Code {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;

  private Code(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Code with a copy of these bytes. */
  public static Code of(byte[] bytes) {
    return new Code(bytes.clone());
  }

  /** Code over these bytes, which the caller gives away. */
  static Code take(byte[] bytes) {
    return new Code(bytes);
  }

  /** Number of bytes. */
  public int length() {
    return bytes.length;
  }

  /** The byte at an offset, 0–255. */
  public int u8(int offset) {
    return bytes[offset] & 0xFF;
  }

  /** The signed byte at an offset. */
  public int i8(int offset) {
    return bytes[offset];
  }

  /** Two bytes, unsigned. */
  public int u16(int offset) {
    return (bytes[offset] & 0xFF) | (bytes[offset + 1] & 0xFF) << 8;
  }

  /** Two bytes, signed. */
  public int i16(int offset) {
    return (short) u16(offset);
  }

  /** Four bytes. */
  public int i32(int offset) {
    return (int) INT.get(bytes, offset);
  }

  /** Eight bytes. */
  public long i64(int offset) {
    return (long) LONG.get(bytes, offset);
  }

  /** A copy of the bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Code that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "Code[" + bytes.length + " bytes]";
  }
}
