package dev.raya.cli.pm.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;

/**
 * The body of an answer (RFC 9112 section 6): of known length, in chunks, or all that comes until
 * the connection ends. What ends early is an {@link EOFException}. For one thread.
 */
final class BodyInput extends InputStream {
  private static final int MAX_CHUNK_LINE = 4096;
  private static final int MAX_TRAILERS = 64 << 10;

  private final InputStream in;
  private final Kind kind;
  private long left;
  private boolean began;
  private boolean over;

  private enum Kind {
    LENGTH,
    CHUNKS,
    ALL
  }

  private BodyInput(InputStream in, Kind kind, long length) {
    this.in = in;
    this.kind = kind;
    this.left = length;
    this.over = kind == Kind.LENGTH && length == 0;
  }

  /**
   * The body that follows a head.
   *
   * @throws ProtocolException if its length is malformed or its coding unknown
   */
  static BodyInput after(ResponseHead head, InputStream in) throws ProtocolException {
    if (head.status() == 204 || head.status() == 304) {
      return new BodyInput(in, Kind.LENGTH, 0);
    }
    String coding = head.header("transfer-encoding");
    if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked")) {
        throw new ProtocolException("the transfer coding " + coding + " was not asked for");
      }
      return new BodyInput(in, Kind.CHUNKS, 0);
    }
    String length = head.header("content-length");
    return length == null
        ? new BodyInput(in, Kind.ALL, Long.MAX_VALUE)
        : new BodyInput(in, Kind.LENGTH, number(length));
  }

  private static long number(String text) throws ProtocolException {
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9 || text.length() > 18) {
        throw new ProtocolException("a length that is none");
      }
      number = number * 10 + digit;
    }
    if (text.isEmpty()) {
      throw new ProtocolException("a length that is none");
    }
    return number;
  }

  /** Bytes that are known to come, or -1. */
  long known() {
    return kind == Kind.LENGTH ? left : -1;
  }

  /** Whether the body was read whole and another answer may follow. */
  boolean reusable() {
    return over && kind != Kind.ALL;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!over && kind == Kind.CHUNKS && left == 0) {
      chunk();
    }
    if (over) {
      return -1;
    }
    int read = in.read(bytes, offset, (int) Math.min(length, left));
    if (read < 0) {
      if (kind == Kind.ALL) {
        over = true;
        return -1;
      }
      throw new EOFException("the answer is cut off");
    }
    left -= read;
    if (left == 0 && kind == Kind.LENGTH) {
      over = true;
    }
    return read;
  }

  /** Reads the line before a chunk; after the last one, the trailers. */
  private void chunk() throws IOException {
    if (began) {
      String end = line(2);
      if (!end.isEmpty()) {
        throw new ProtocolException("a chunk is longer than it says");
      }
    }
    began = true;
    String line = line(MAX_CHUNK_LINE);
    int end = line.indexOf(';');
    String digits = (end < 0 ? line : line.substring(0, end)).strip();
    if (digits.isEmpty() || digits.length() > 15) {
      throw new ProtocolException("a chunk without a length");
    }
    try {
      left = Long.parseLong(digits, 16);
    } catch (NumberFormatException malformed) {
      throw new ProtocolException("a chunk without a length");
    }
    if (left < 0) {
      throw new ProtocolException("a chunk without a length");
    }
    if (left == 0) {
      int trailers = 0;
      String trailer;
      do {
        trailer = line(MAX_CHUNK_LINE);
        trailers += trailer.length();
        if (trailers > MAX_TRAILERS) {
          throw new ProtocolException("trailers of more than " + MAX_TRAILERS + " bytes");
        }
      } while (!trailer.isEmpty());
      over = true;
    }
  }

  private String line(int most) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the answer is cut off");
      }
      if (b == '\n') {
        int length = line.length();
        if (length > 0 && line.charAt(length - 1) == '\r') {
          line.setLength(length - 1);
        }
        return line.toString();
      }
      if (line.length() >= most) {
        throw new ProtocolException("a line of more than " + most + " bytes");
      }
      line.append((char) b);
    }
  }
}
