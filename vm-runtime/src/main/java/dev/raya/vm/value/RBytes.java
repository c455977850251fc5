package dev.raya.vm.value;

/** A Uint8Array: a window on a buffer that other windows may share (stdlib.md 2.9). */
public final class RBytes {
  /** The memory of an ArrayBuffer, and the object that is its face in the program. */
  public static final class Buffer {
    /** The bytes; never exchanged. */
    public final byte[] bytes;

    /** The ArrayBuffer object, made when it is first asked for. */
    public @org.jspecify.annotations.Nullable RNative face;

    /** Wraps bytes that nobody else writes to. */
    public Buffer(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  /** The buffer. */
  public final Buffer buffer;

  /** Where the window starts in the buffer. */
  public final int offset;

  /** The number of bytes. */
  public final int length;

  /** Makes a window; the range lies inside the buffer. */
  public RBytes(Buffer buffer, int offset, int length) {
    this.buffer = buffer;
    this.offset = offset;
    this.length = length;
  }

  /** Wraps bytes that nobody else writes to. */
  public RBytes(byte[] bytes) {
    this(new Buffer(bytes), 0, bytes.length);
  }

  /** Returns a copy of the bytes in the window. */
  public byte[] copy() {
    return java.util.Arrays.copyOfRange(buffer.bytes, offset, offset + length);
  }

  /** Returns the byte at an index in range, 0 to 255. */
  public int at(int index) {
    return buffer.bytes[offset + index] & 0xFF;
  }
}
