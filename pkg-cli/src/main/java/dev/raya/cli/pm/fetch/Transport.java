package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.http.Connections;
import dev.raya.cli.pm.http.Patience;
import dev.raya.cli.pm.http.Request;
import dev.raya.cli.pm.http.RequestBody;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one place that opens sockets. Blocking calls, meant for virtual threads; a bounded number of
 * transfers at once over connections that are kept alive. Every answer is read under a limit, a
 * connection that gives less than 1 KiB a second for the settings' timeout is given up, reads are
 * repeated with growing pauses, redirections are followed within the same host only, and plain HTTP
 * goes to loopback addresses only.
 */
public final class Transport implements AutoCloseable {
  private static final int MAX_REDIRECTS = 5;
  private static final int MAX_REFUSAL_BYTES = 1 << 20;
  private static final long SLOWEST_BYTES_PER_SECOND = 1024;
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;
  private static final int BUFFER = 16 << 10;
  private static final byte[] NO_BYTES = {};

  /** While a body is being sent nothing arrives, so a request with one has this much more time. */
  private static final int SENDING_PATIENCE = 10;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final Settings.Network network;
  private final Connections connections;
  private final Semaphore slots;

  /** What is sent: a method, a body that can be sent again, and headers. */
  record Sending(
      String method, @Nullable RequestBody body, Map<String, String> headers, boolean repeatable) {
    static Sending get(Map<String, String> headers) {
      return new Sending("GET", null, headers, true);
    }
  }

  /** Makes a transport; no socket is opened before the first call. */
  public Transport(Settings.Network network, ProxySettings proxy) {
    this.network = network;
    this.slots = new Semaphore(network.connections());
    long seconds = Math.max(1, network.timeout().toSeconds());
    this.connections =
        new Connections(
            new Patience(
                least(CONNECT_TIMEOUT, network.timeout()),
                network.timeout(),
                SLOWEST_BYTES_PER_SECOND * seconds,
                network.timeout().multipliedBy(SENDING_PATIENCE)),
            proxy);
  }

  /**
   * Reads a resource whole.
   *
   * @param limit most bytes of the body
   * @throws CommandException RAYA-NET-001, 002, 004 if there is no answer to be had
   * @throws InterruptedException if the thread was interrupted
   */
  public Answer get(URI uri, Map<String, String> headers, long limit)
      throws CommandException, InterruptedException {
    return send(uri, Sending.get(headers), limit);
  }

  /**
   * Sends a body and reads the answer whole.
   *
   * @param repeatable whether sending it twice does no harm
   * @throws CommandException as {@link #get}
   * @throws InterruptedException if the thread was interrupted
   */
  public Answer post(
      URI uri, RequestBody body, Map<String, String> headers, long limit, boolean repeatable)
      throws CommandException, InterruptedException {
    return send(uri, new Sending("POST", body, headers, repeatable), limit);
  }

  /** Opens a sink anew for each try. */
  @FunctionalInterface
  public interface Sink {
    /**
     * The stream that a body goes into, from its beginning.
     *
     * @throws IOException if it cannot be opened
     */
    OutputStream open() throws IOException;
  }

  /**
   * Reads a resource into a sink.
   *
   * @param received is told how many bytes arrived, and with a negative number what was in vain
   * @return the answer; its body is empty unless it is a refusal
   * @throws CommandException as {@link #get}
   * @throws InterruptedException if the thread was interrupted
   */
  public Answer download(URI uri, Sink sink, long limit, LongConsumer received)
      throws CommandException, InterruptedException {
    return exchange(uri, Sending.get(Map.of()), sink, limit, received);
  }

  private Answer send(URI uri, Sending sending, long limit)
      throws CommandException, InterruptedException {
    ByteArrayOutputStream[] buffer = new ByteArrayOutputStream[1];
    Answer answer =
        exchange(uri, sending, () -> buffer[0] = new ByteArrayOutputStream(), limit, arrived -> {});
    return answer.ok()
        ? new Answer(answer.uri(), answer.status(), answer.headers(), buffer[0].toByteArray())
        : answer;
  }

  private Answer exchange(URI uri, Sending sending, Sink sink, long limit, LongConsumer watcher)
      throws CommandException, InterruptedException {
    URI target = uri;
    int redirects = 0;
    for (int attempt = 0; ; attempt++) {
      boolean last = !sending.repeatable() || attempt >= network.retries();
      AtomicLong received = new AtomicLong();
      Answer answer;
      try {
        answer = once(target, sending, sink, limit, received, watcher);
      } catch (TooLarge tooLarge) {
        throw Failures.notARegistry(target, String.valueOf(tooLarge.getMessage()));
      } catch (SocketTimeoutException slow) {
        watcher.accept(-received.get());
        if (last) {
          throw Failures.tooSlow(target, network.timeout());
        }
        pause(attempt, null);
        continue;
      } catch (IOException broken) {
        watcher.accept(-received.get());
        if (last) {
          throw Failures.unreachable(target, broken);
        }
        pause(attempt, null);
        continue;
      }
      if (answer.status() >= 300 && answer.status() < 400 && answer.status() != 304) {
        if (redirects++ >= MAX_REDIRECTS) {
          throw Failures.notARegistry(uri, "it redirects more than " + MAX_REDIRECTS + " times");
        }
        target = redirected(target, answer);
        attempt--;
        continue;
      }
      boolean busy = answer.status() == 429 || answer.status() == 503;
      boolean gateway = answer.status() == 502 || answer.status() == 504;
      if ((busy || gateway) && !last) {
        watcher.accept(-received.get());
        pause(attempt, answer.header("Retry-After"));
        continue;
      }
      return answer;
    }
  }

  private Answer once(
      URI uri, Sending sending, Sink sink, long limit, AtomicLong received, LongConsumer watcher)
      throws CommandException, IOException, InterruptedException {
    checkScheme(uri);
    Request request = new Request(sending.method(), uri, sending.headers(), sending.body());
    slots.acquire();
    try (OutputStream out = sink.open();
        Connections.Response response = connections.send(request, sending.repeatable())) {
      if (response.status() / 100 == 2) {
        copy(response, out, limit, received, watcher);
        return new Answer(uri, response.status(), response.headers(), NO_BYTES);
      }
      ByteArrayOutputStream refusal = new ByteArrayOutputStream();
      copy(response, refusal, MAX_REFUSAL_BYTES, received, arrived -> {});
      return new Answer(uri, response.status(), response.headers(), refusal.toByteArray());
    } catch (IOException broken) {
      if (Thread.interrupted()) {
        // A virtual thread that is interrupted finds its socket closed.
        throw interruptedBy(broken);
      }
      throw broken;
    } finally {
      slots.release();
    }
  }

  private static InterruptedException interruptedBy(IOException broken) {
    InterruptedException interrupted = new InterruptedException("interrupted while transferring");
    interrupted.initCause(broken);
    return interrupted;
  }

  private static void copy(
      Connections.Response response,
      OutputStream out,
      long limit,
      AtomicLong received,
      LongConsumer watcher)
      throws IOException {
    if (response.length() > limit) {
      throw new TooLarge(limit);
    }
    byte[] buffer = new byte[BUFFER];
    InputStream body = response.body();
    long count = 0;
    int n;
    while ((n = body.read(buffer)) >= 0) {
      count += n;
      if (count > limit) {
        throw new TooLarge(limit);
      }
      received.addAndGet(n);
      watcher.accept(n);
      out.write(buffer, 0, n);
    }
  }

  /** A body that is larger than allowed. */
  static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1L;

    TooLarge(long limit) {
      super("the answer is larger than " + limit + " bytes");
    }
  }

  private static void checkScheme(URI uri) throws CommandException {
    boolean https = "https".equals(uri.getScheme());
    boolean local = "http".equals(uri.getScheme()) && RegistryAddress.isLoopback(uri);
    if (!https && !local) {
      throw Failures.notARegistry(uri, "plain http is for this machine's own addresses only");
    }
  }

  private static URI redirected(URI from, Answer answer) throws CommandException {
    String location = answer.header("Location");
    if (location == null) {
      throw Failures.notARegistry(from, "it redirects without saying where to");
    }
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException malformed) {
      throw Failures.notARegistry(from, "it redirects to what is no address");
    }
    if (to.getHost() == null
        || !RegistryAddress.originOf(to).equals(RegistryAddress.originOf(from))) {
      throw Failures.notARegistry(from, "it redirects to another host, " + to.getHost());
    }
    return to;
  }

  private static void pause(int attempt, @Nullable String retryAfter) throws InterruptedException {
    long millis = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10));
    if (retryAfter != null && retryAfter.length() <= 3) {
      try {
        millis = Math.min(LONGEST_PAUSE_MILLIS, Long.parseLong(retryAfter) * 1000);
      } catch (NumberFormatException aDate) {
        millis = LONGEST_PAUSE_MILLIS;
      }
    }
    boolean counted = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    assert !counted : "nobody counts this latch down";
  }

  private static Duration least(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** Gives the connections back. */
  @Override
  public void close() {
    connections.close();
  }
}
