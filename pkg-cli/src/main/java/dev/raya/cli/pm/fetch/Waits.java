package dev.raya.cli.pm.fetch;

import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Breaks long silences: while requests are open and nothing has arrived for two seconds, it names
 * the host that is waited for and what was asked of it; so it does after four seconds in which one
 * small answer after the other came, of which no progress is shown. When that is over it says the
 * empty word. Its one thread begins with the first request.
 */
final class Waits implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(250);

  /** Ticks without anything that arrives. */
  private static final int LONGEST_SILENCE = 8;

  /** Ticks without a word, while little arrives. */
  private static final int LONGEST_TRICKLE = 16;

  /** What arrives faster than this in that time has a progress of its own. */
  private static final long LITTLE = 64 << 10;

  private final Consumer<String> voice;
  private final Duration tick;
  private final ConcurrentLinkedQueue<Wait> open = new ConcurrentLinkedQueue<>();
  private final AtomicLong arrived = new AtomicLong();
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Speaks through {@code voice}, from a thread of its own. */
  Waits(Consumer<String> voice) {
    this(voice, TICK);
  }

  /** The same with another measure of time, for tests. */
  Waits(Consumer<String> voice, Duration tick) {
    this.voice = voice;
    this.tick = tick;
  }

  /** One request on its way. */
  final class Wait implements AutoCloseable {
    private final String host;
    private final String what;

    private Wait(String host, String what) {
      this.host = host;
      this.what = what;
    }

    /** Something arrived. */
    void received(long bytes) {
      arrived.addAndGet(bytes);
    }

    @Override
    public void close() {
      open.remove(this);
      arrived.incrementAndGet();
    }
  }

  /**
   * Notes that a request is on its way.
   *
   * @param what is fetched, in the user's words; if empty, the address says it
   */
  Wait on(URI uri, String what) {
    String path = uri.getPath() == null ? "" : uri.getPath();
    Wait wait =
        new Wait(
            uri.getAuthority(),
            what.isEmpty() ? path.substring(path.lastIndexOf('/', path.length() - 2) + 1) : what);
    open.add(wait);
    if (started.compareAndSet(false, true)) {
      Thread.ofVirtual().name("waits").start(this::watch);
    }
    return wait;
  }

  private void watch() {
    long before = arrived.get();
    long atLastWord = before;
    int silent = 0;
    int wordless = 0;
    boolean named = false;
    try {
      while (!closed.await(tick.toMillis(), TimeUnit.MILLISECONDS)) {
        long now = arrived.get();
        silent = now == before ? silent + 1 : 0;
        wordless++;
        before = now;
        boolean trickles = wordless >= LONGEST_TRICKLE && now - atLastWord < LITTLE;
        String silence = silence();
        if (silence == null || now - atLastWord >= LITTLE) {
          wordless = 0;
          atLastWord = now;
          if (named) {
            named = false;
            voice.accept("");
          }
        }
        if (silence != null && (silent >= LONGEST_SILENCE || trickles)) {
          voice.accept(silence);
          named = true;
          silent = 0;
          wordless = 0;
          atLastWord = now;
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Who is waited for, or null if nobody is. */
  private @Nullable String silence() {
    Iterator<Wait> waits = open.iterator();
    if (!waits.hasNext()) {
      return null;
    }
    Wait first = waits.next();
    int others = Math.max(0, open.size() - 1);
    return "waiting for "
        + first.host
        + ": "
        + first.what
        + (others == 0 ? "" : " and " + others + " more");
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
