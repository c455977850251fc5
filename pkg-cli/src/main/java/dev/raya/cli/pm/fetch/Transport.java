package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final Settings.Network network;
  private final HttpClient client;
  private final Semaphore slots;

  /** What is sent: a method, a body that can be sent again, and headers. */
  record Sending(
      String method,
      HttpRequest.@Nullable BodyPublisher body,
      Map<String, String> headers,
      boolean repeatable) {
    static Sending get(Map<String, String> headers) {
      return new Sending("GET", null, headers, true);
    }
  }

  /** Makes a transport; no socket is opened before the first call. */
  public Transport(Settings.Network network, ProxySettings proxy) {
    this.network = network;
    this.slots = new Semaphore(network.connections());
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(least(CONNECT_TIMEOUT, network.timeout()));
    proxy.apply(builder);
    this.client = builder.build();
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
      URI uri,
      HttpRequest.BodyPublisher body,
      Map<String, String> headers,
      long limit,
      boolean repeatable)
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
      } catch (BoundedBody.TooLarge tooLarge) {
        throw Failures.notARegistry(target, String.valueOf(tooLarge.getMessage()));
      } catch (TimeoutException | HttpTimeoutException slow) {
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
      throws CommandException, IOException, InterruptedException, TimeoutException {
    checkScheme(uri);
    HttpRequest request = request(uri, sending);
    ByteArrayOutputStream refusal = new ByteArrayOutputStream();
    slots.acquire();
    try (OutputStream out = sink.open()) {
      CompletableFuture<HttpResponse<Long>> pending =
          client.sendAsync(
              request,
              info ->
                  info.statusCode() / 100 == 2
                      ? new BoundedBody(out, limit, received, watcher)
                      : new BoundedBody(refusal, MAX_REFUSAL_BYTES, received, arrived -> {}));
      HttpResponse<Long> response = await(pending, received, sending.body() != null);
      return new Answer(uri, response.statusCode(), response.headers(), refusal.toByteArray());
    } finally {
      slots.release();
    }
  }

  private HttpRequest request(URI uri, Sending sending) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri)
            .version(
                "https".equals(uri.getScheme())
                    ? HttpClient.Version.HTTP_2
                    : HttpClient.Version.HTTP_1_1)
            .method(
                sending.method(),
                sending.body() == null ? HttpRequest.BodyPublishers.noBody() : sending.body());
    for (Map.Entry<String, String> header : sending.headers().entrySet()) {
      builder.header(header.getKey(), header.getValue());
    }
    return builder.build();
  }

  /**
   * Waits as long as enough arrives. While a body is being sent nothing arrives, so a request with
   * a body has ten times the patience.
   */
  private HttpResponse<Long> await(
      CompletableFuture<HttpResponse<Long>> pending, AtomicLong received, boolean sends)
      throws IOException, InterruptedException, TimeoutException {
    long millis = network.timeout().toMillis() * (sends ? 10 : 1);
    long enough = SLOWEST_BYTES_PER_SECOND * Math.max(1, millis / 1000);
    while (true) {
      long before = received.get();
      try {
        return pending.get(millis, TimeUnit.MILLISECONDS);
      } catch (TimeoutException silent) {
        if (received.get() - before < enough) {
          pending.cancel(true);
          throw silent;
        }
      } catch (ExecutionException failed) {
        Throwable cause = failed.getCause();
        if (cause instanceof IOException broken) {
          throw broken;
        }
        throw new IOException(String.valueOf(cause), cause);
      } catch (InterruptedException interrupted) {
        pending.cancel(true);
        throw interrupted;
      }
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
    client.shutdownNow();
  }
}
