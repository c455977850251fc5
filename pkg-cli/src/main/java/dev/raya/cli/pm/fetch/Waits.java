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
 * Breaks long silences: while requests are open and nothing arrives, it names every two seconds the
 * host that is waited for and what was asked of it. Its one thread begins with the first request.
 */
final class Waits implements AutoCloseable {
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);

  private final Consumer<String> voice;
  private final ConcurrentLinkedQueue<Wait> open = new ConcurrentLinkedQueue<>();
  private final AtomicLong arrived = new AtomicLong();
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Speaks through {@code voice}, from a thread of its own. */
  Waits(Consumer<String> voice) {
    this.voice = voice;
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
    try {
      while (!closed.await(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        long now = arrived.get();
        String silence = now == before ? silence() : null;
        if (silence != null) {
          voice.accept(silence);
        }
        before = now;
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
