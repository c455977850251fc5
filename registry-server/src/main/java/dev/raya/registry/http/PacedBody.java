package dev.raya.registry.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A request's body that has to come at a certain pace: whoever drips holds a thread, a temporary
 * file and perhaps memory, and must not do so for as long as it likes. What the registry itself
 * does between two reads counts for the client. For one thread.
 */
public final class PacedBody extends FilterInputStream {
  /** What every body may take, however short it is. */
  static final Duration GRACE = Duration.ofSeconds(30);

  /** Beyond that, bytes a second: less than any line on which people publish. */
  static final int LEAST_PACE = 16 << 10;

  private static final long NANOS = 1_000_000_000L;

  private final LongSupplier nanoTime;
  private long last;

  /** Nanoseconds that were spent on waiting for the client. */
  private long waited;

  private long read;

  /** A body that came too slowly; nothing more of it is read. */
  public static final class TooSlowException extends IOException {
    private static final long serialVersionUID = 1L;

    private TooSlowException(long read, long waited) {
      super(
          "expected at least "
              + LEAST_PACE
              + " bytes a second after the first "
              + GRACE.toSeconds()
              + " seconds, found "
              + read
              + " bytes in "
              + waited / NANOS
              + " seconds");
    }
  }

  /** A body that ended before its end: the client closed the connection, or lost it. */
  public static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    private GoneException(long read, IOException cause) {
      super("the client went away after " + read + " bytes of its body were read", cause);
    }
  }

  /** A body that comes from now on. */
  public PacedBody(InputStream body) {
    this(body, System::nanoTime);
  }

  PacedBody(InputStream body, LongSupplier nanoTime) {
    super(body);
    this.nanoTime = nanoTime;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    requirePace();
    last = nanoTime.getAsLong();
    try {
      int n = super.read(target, offset, length);
      read += Math.max(0, n);
      return n;
    } catch (InterruptedIOException stopped) {
      throw stopped;
    } catch (IOException broken) {
      // The server's own patience with silence ended first: that is slow, and no fault of ours.
      count();
      requirePace();
      throw new GoneException(read, broken);
    } finally {
      count();
    }
  }

  private void count() {
    long now = nanoTime.getAsLong();
    waited += now - last;
    last = now;
  }

  private void requirePace() throws TooSlowException {
    if (waited > GRACE.toNanos() + read * NANOS / LEAST_PACE) {
      throw new TooSlowException(read, waited);
    }
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
