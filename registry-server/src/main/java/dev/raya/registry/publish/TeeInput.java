package dev.raya.registry.publish;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Writes whatever is read. */
final class TeeInput extends FilterInputStream {
  private final OutputStream copy;

  TeeInput(InputStream in, OutputStream copy) {
    super(in);
    this.copy = copy;
  }

  @Override
  public int read() throws IOException {
    int b = super.read();
    if (b >= 0) {
      copy.write(b);
    }
    return b;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int n = super.read(bytes, offset, length);
    if (n > 0) {
      copy.write(bytes, offset, n);
    }
    return n;
  }

  @Override
  public long skip(long n) throws IOException {
    byte[] waste = new byte[(int) Math.min(n, 8192)];
    return Math.max(0, read(waste, 0, waste.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
