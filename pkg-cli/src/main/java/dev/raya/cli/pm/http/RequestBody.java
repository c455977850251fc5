package dev.raya.cli.pm.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body of known length that can be sent again. */
public interface RequestBody {
  /** Its length in bytes. */
  long length();

  /**
   * The bytes, from the beginning.
   *
   * @throws IOException if they cannot be read
   */
  InputStream open() throws IOException;

  /** A body from memory; the bytes are not copied. */
  static RequestBody of(byte[] bytes) {
    return new RequestBody() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }
}
