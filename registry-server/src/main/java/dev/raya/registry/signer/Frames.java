package dev.raya.registry.signer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Messages on the signer's socket: four bytes of length, one of kind, then the content. */
final class Frames {
  /** Largest content, in bytes: a snapshot of many roles. */
  static final int MAX_BYTES = 16 << 20;

  /** A request, or an answer that is what was asked for. */
  static final int OK = 0;

  /** An answer that there is nothing. */
  static final int ABSENT = 1;

  /** A refusal; the content is its message. */
  static final int REFUSED = 2;

  /** A witness's refusal; the content is its reason, the size it knows, and its message. */
  static final int NOT_COSIGNED = 3;

  /** The signer could not do it, as where a file cannot be read; the content is its message. */
  static final int FAILED = 4;

  /** A frame; never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  record Frame(int kind, byte[] content) {}

  private Frames() {}

  static void write(DataOutputStream out, int kind, byte[] content) throws IOException {
    out.writeInt(content.length);
    out.writeByte(kind);
    out.write(content);
    out.flush();
  }

  /** The next frame, or null at the end. */
  static @Nullable Frame read(DataInputStream in) throws IOException {
    int length;
    try {
      length = in.readInt();
    } catch (EOFException end) {
      return null;
    }
    if (length < 0 || length > MAX_BYTES) {
      throw new IOException("a frame of " + length + " bytes on the signer's socket");
    }
    int kind = in.readUnsignedByte();
    byte[] content = in.readNBytes(length);
    if (content.length != length) {
      throw new EOFException("the signer's socket was cut off");
    }
    return new Frame(kind, content);
  }
}
