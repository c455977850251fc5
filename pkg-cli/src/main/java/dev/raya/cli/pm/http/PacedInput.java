package dev.raya.cli.pm.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The bytes of a socket, given up when in a stretch of time fewer arrive than they should: a peer
 * that drips one byte a second is as good as silent. For one thread.
 */
final class PacedInput extends InputStream {
  private final Socket socket;
  private final InputStream in;
  private final Patience patience;
  private long windowNanos;
  private long windowEnd;
  private long windowBytes;

  PacedInput(Socket socket, Patience patience) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.patience = patience;
    begin(patience.silence());
  }

  /** Starts to measure anew; the first stretch may be longer. */
  void begin(Duration first) {
    windowNanos = first.toNanos();
    windowEnd = System.nanoTime() + windowNanos;
    windowBytes = 0;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (true) {
      long left = windowEnd - System.nanoTime();
      if (left <= 0) {
        roll();
        continue;
      }
      socket.setSoTimeout((int) Math.clamp(left / 1_000_000, 1, Integer.MAX_VALUE));
      try {
        int read = in.read(bytes, offset, length);
        windowBytes += Math.max(0, read);
        return read;
      } catch (SocketTimeoutException silent) {
        roll();
      }
    }
  }

  private void roll() throws SocketTimeoutException {
    if (windowBytes < patience.leastBytes()) {
      throw new SocketTimeoutException("too slow");
    }
    begin(patience.silence());
  }
}
