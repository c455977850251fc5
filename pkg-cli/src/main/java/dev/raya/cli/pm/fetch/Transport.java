package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
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
  private static final int SERVER_FAULT = 500;
  private static final int PARTIAL = 206;
  private static final int RANGE_REFUSED = 416;
  private static final int BUFFER = 16 << 10;
  private static final byte[] NO_BYTES = {};

  /** While a body is being sent nothing arrives, so a request with one has this much more time. */
  private static final int SENDING_PATIENCE = 10;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final Settings.Network network;
  private final Connections connections;
  private final Semaphore slots;
  private final Mirrors mirrors;
  private final Waits waits;
  private final RandomGenerator random;

  /** What is sent: a method, a body that can be sent again, and headers. */
  record Sending(
      String method, @Nullable RequestBody body, Map<String, String> headers, boolean repeatable) {
    /** Whether a mirror may be asked too: not with credentials, not for what must happen once. */
    boolean elsewhere() {
      return repeatable && !headers.containsKey("Authorization");
    }

    static Sending get(Map<String, String> headers) {
      return new Sending("GET", null, headers, true);
    }
  }

  /**
   * Makes a transport; no socket is opened before the first call.
   *
   * @param mirrors where else what a registry serves can be had
   * @param voice is told who is waited for when nothing arrives for a while; from any thread
   * @param random spreads the pauses between tries; used from many threads
   */
  public Transport(
      Settings.Network network,
      ProxySettings proxy,
      Mirrors mirrors,
      Consumer<String> voice,
      RandomGenerator random) {
    this.network = network;
    this.mirrors = mirrors;
    this.waits = new Waits(voice);
    this.random = random;
    this.slots = new Semaphore(network.connections());
    long seconds = Math.max(1, network.timeout().toSeconds());
    this.connections =
        new Connections(
            new Patience(
                least(CONNECT_TIMEOUT, network.timeout()),
                network.timeout(),
                SLOWEST_BYTES_PER_SECOND * seconds,
                sending(network.timeout())),
            proxy);
  }

  /** Not by {@link Duration#multipliedBy}, whose decimals cost a short command some 20 ms. */
  private static Duration sending(Duration patience) {
    return Duration.ofSeconds(
        Math.multiplyExact(patience.getSeconds(), SENDING_PATIENCE),
        (long) patience.getNano() * SENDING_PATIENCE);
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

  /**
   * Sends a request of any method and reads the answer whole.
   *
   * @param body what is sent, or null
   * @param repeatable whether sending it twice does no harm
   * @throws CommandException as {@link #get}
   * @throws InterruptedException if the thread was interrupted
   */
  Answer call(
      String method,
      URI uri,
      @Nullable RequestBody body,
      Map<String, String> headers,
      long limit,
      boolean repeatable)
      throws CommandException, InterruptedException {
    return send(uri, new Sending(method, body, headers, repeatable), limit);
  }

  /** Where a body goes; opened for each try. */
  @FunctionalInterface
  public interface Sink {
    /**
     * The stream that a body goes into, from its beginning.
     *
     * @throws IOException if it cannot be opened
     */
    OutputStream open() throws IOException;

    /** What is fetched, in the user's words; empty where the address says it. */
    default String what() {
      return "";
    }

    /** How many bytes of a try that broke off are kept; with 0 the next one begins anew. */
    default long kept() {
      return 0;
    }

    /**
     * The entity tag that the kept bytes go with; empty where they are of this process itself, and
     * what is asked for never changes.
     */
    default String validator() {
      return "";
    }

    /**
     * The stream that what follows the kept bytes goes into.
     *
     * @throws IOException if it cannot be opened
     */
    default OutputStream resume() throws IOException {
      return open();
    }
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

  /** Asks the registry, and its mirrors in turn where it gives no answer. */
  private Answer exchange(URI uri, Sending sending, Sink sink, long limit, LongConsumer watcher)
      throws CommandException, InterruptedException {
    List<URI> places = sending.elsewhere() ? mirrors.places(uri) : List.of(uri);
    CommandException first = null;
    for (int i = 0; ; i++) {
      URI place = places.get(i);
      boolean last = i == places.size() - 1;
      try {
        Answer answer = ask(place, sending, sink, limit, watcher);
        if (last || answer.status() < SERVER_FAULT) {
          return answer;
        }
      } catch (CommandException failed) {
        // What the user named is what is reported, also if a mirror was asked before it.
        first = first == null || place.equals(uri) ? failed : first;
        if (last || !isSilence(failed)) {
          throw first;
        }
      }
      mirrors.failed(place);
    }
  }

  /** Whether nobody answered, so that somebody else may. */
  private static boolean isSilence(CommandException failed) {
    String code = failed.findings().getFirst().code();
    return code.equals("RAYA-NET-001") || code.equals("RAYA-NET-002");
  }

  private Answer ask(URI uri, Sending sending, Sink sink, long limit, LongConsumer watcher)
      throws CommandException, InterruptedException {
    URI target = uri;
    int redirects = 0;
    boolean anew = false;
    for (int attempt = 0; ; attempt++) {
      boolean last = !sending.repeatable() || attempt >= network.retries();
      AtomicLong received = new AtomicLong();
      Answer answer;
      try {
        answer = once(target, sending, sink, limit, received, watcher);
      } catch (SinkStream.Failed failed) {
        throw Failure.of(failed.reason());
      } catch (TooLarge tooLarge) {
        throw Failures.notARegistry(target, String.valueOf(tooLarge.getMessage()));
      } catch (SocketTimeoutException slow) {
        watcher.accept(sink.kept() > 0 ? 0 : -received.get());
        if (last) {
          throw Failures.tooSlow(target, network.timeout());
        }
        pause(target, sink, attempt, null);
        continue;
      } catch (IOException broken) {
        if (broken instanceof OtherRange && !anew) {
          anew = true;
          attempt--;
          watcher.accept(-sink.kept());
          empty(sink);
          continue;
        }
        watcher.accept(sink.kept() > 0 ? 0 : -received.get());
        if (last) {
          throw Failures.unreachable(target, broken);
        }
        pause(target, sink, attempt, null);
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
      if (answer.status() == RANGE_REFUSED && sink.kept() > 0 && (!last || !anew)) {
        // Not a try of its own: what was kept may be of an earlier process.
        attempt -= anew ? 0 : 1;
        anew = true;
        watcher.accept(-sink.kept());
        empty(sink);
        continue;
      }
      boolean busy = answer.status() == 429 || answer.status() == 503;
      boolean gateway = answer.status() == 502 || answer.status() == 504;
      if ((busy || gateway) && !last) {
        pause(target, sink, attempt, answer.header("Retry-After"));
        continue;
      }
      return answer;
    }
  }

  private Answer once(
      URI uri, Sending sending, Sink sink, long limit, AtomicLong received, LongConsumer watcher)
      throws CommandException, IOException, InterruptedException {
    checkScheme(uri);
    long kept = sink.kept();
    Map<String, String> headers = new LinkedHashMap<>(sending.headers());
    if (kept > 0) {
      headers.put("Range", "bytes=" + kept + "-");
      if (!sink.validator().isEmpty()) {
        headers.put("If-Range", sink.validator());
      }
    }
    Request request = new Request(sending.method(), uri, headers, sending.body());
    slots.acquire();
    try (Waits.Wait wait = waits.on(uri, sink.what());
        Connections.Response response = connections.send(request, sending.repeatable())) {
      LongConsumer counted =
          bytes -> {
            wait.received(bytes);
            watcher.accept(bytes);
          };
      if (response.status() / 100 == 2) {
        boolean goesOn = kept > 0 && goesOnAt(kept, response.status(), response.headers());
        if (kept > 0 && !goesOn) {
          watcher.accept(-kept);
        }
        try (OutputStream out = SinkStream.of(sink, goesOn)) {
          copy(response, out, goesOn ? limit - kept : limit, received, counted);
        }
        return new Answer(uri, response.status(), response.headers(), NO_BYTES);
      }
      ByteArrayOutputStream refusal = new ByteArrayOutputStream();
      copy(response, refusal, MAX_REFUSAL_BYTES, received, wait::received);
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

  /** What is kept is no part of what is there now: from the beginning, then. */
  private static void empty(Sink sink) throws CommandException {
    try {
      sink.open().close();
    } catch (IOException failed) {
      throw Failure.of(failed);
    }
  }

  /** Whether an answer is the rest that was asked for; one that is the whole begins anew. */
  private static boolean goesOnAt(long kept, int status, Map<String, String> headers)
      throws IOException {
    if (status != PARTIAL) {
      return false;
    }
    String range = headers.getOrDefault("content-range", "");
    if (!range.startsWith("bytes " + kept + "-")) {
      throw new OtherRange(kept, range);
    }
    return true;
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

  /** Another part than the one that was asked for. */
  private static final class OtherRange extends IOException {
    private static final long serialVersionUID = 1L;

    OtherRange(long kept, String range) {
      super("asked for the bytes from " + kept + ", and got \"" + range + "\"");
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

  /** Grows with each try, and differs from client to client, so that not all come back at once. */
  private void pause(URI target, Sink sink, int attempt, @Nullable String retryAfter)
      throws InterruptedException {
    long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10));
    long millis = longest / 2 + random.nextLong(longest / 2 + 1);
    if (retryAfter != null && retryAfter.length() <= 3) {
      try {
        long asked = Math.max(0, Long.parseLong(retryAfter) * 1000);
        millis = Math.min(LONGEST_PAUSE_MILLIS, asked + random.nextLong(FIRST_PAUSE_MILLIS));
      } catch (NumberFormatException aDate) {
        millis = LONGEST_PAUSE_MILLIS;
      }
    }
    try (Waits.Wait wait = waits.on(target, sink.what())) {
      boolean counted = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
      assert !counted && wait != null : "nobody counts this latch down";
    }
  }

  private static Duration least(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  /** Gives the connections back. */
  @Override
  public void close() {
    waits.close();
    connections.close();
  }
}
