package dev.raya.cli.pm.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Stands between a client and a registry, and does to some of the answers what networks do. */
public final class FaultyFront implements AutoCloseable {
  private static final int MOST_FORWARDED = 300;

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String behind;
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  /** What happens to requests whose path contains some text. */
  public sealed interface Fault {
    /** Nothing is ever answered. */
    record Hang() implements Fault {}

    /** Head and then one byte every {@code millis} milliseconds. */
    record Drip(long millis) implements Fault {}

    /**
     * The connection is closed after that many bytes of the body, the first {@code times} times.
     */
    record Cut(int after, AtomicInteger times) implements Fault {}

    /**
     * Nothing more comes after that many bytes of the body, the first {@code times} times.
     *
     * @param sent counted down when they were sent
     */
    record Stall(int after, CountDownLatch sent, AtomicInteger times) implements Fault {}

    /** What is asked for a part answers so: 200 with the whole, 416, or 206 with another part. */
    record NoRanges(int status) implements Fault {}

    /** Another status, the first {@code times} times. */
    record Status(int status, @Nullable String retryAfter, AtomicInteger times) implements Fault {}

    /** A redirection. */
    record Redirect(String location) implements Fault {}
  }

  /** Starts in front of a registry. */
  public FaultyFront(TestRegistry registry) {
    this(registry, plain());
  }

  private FaultyFront(TestRegistry registry, HttpServer server) {
    this.behind = registry.origin();
    this.server = server;
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  /** Starts in front of a registry and speaks TLS. */
  public static FaultyFront secured(TestRegistry registry, SSLContext tls) {
    try {
      HttpsServer server = HttpsServer.create(address(), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      return new FaultyFront(registry, server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HttpServer plain() {
    try {
      return HttpServer.create(address(), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InetSocketAddress address() throws IOException {
    return new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
  }

  /** Its port. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Its address. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Sets a fault. */
  public FaultyFront at(String pathPart, Fault fault) {
    faults.put(pathPart, fault);
    return this;
  }

  /** Takes all faults away. */
  public void mend() {
    faults.clear();
  }

  /** The paths asked for so far, in order, with the range asked for and its condition. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private @Nullable Fault fault(String path) {
    for (Map.Entry<String, Fault> each : faults.entrySet()) {
      if (path.contains(each.getKey())) {
        return each.getValue();
      }
    }
    return null;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    String range = exchange.getRequestHeaders().getFirst("Range");
    String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
    String asked = range == null ? path : path + " " + range;
    requests.add(ifRange == null ? asked : asked + " if " + ifRange);
    byte[] sent = exchange.getRequestBody().readAllBytes();
    try (exchange) {
      switch (fault(path)) {
        case Fault.Hang() -> closed.await();
        case Fault.Redirect(String location) -> {
          exchange.getResponseHeaders().set("Location", location);
          exchange.sendResponseHeaders(302, -1);
        }
        case Fault.Status(int status, String retryAfter, AtomicInteger times) -> {
          if (times.getAndDecrement() > 0) {
            if (retryAfter != null) {
              exchange.getResponseHeaders().set("Retry-After", retryAfter);
            }
            exchange.sendResponseHeaders(status, -1);
          } else {
            body(exchange, forwarded(exchange, sent), null);
          }
        }
        case Fault.Cut(int after, AtomicInteger times) ->
            body(exchange, forwarded(exchange, sent), times.getAndDecrement() > 0 ? after : null);
        case Fault.Stall(int after, CountDownLatch begun, AtomicInteger times) -> {
          boolean stalls = times.getAndDecrement() > 0;
          HttpResponse<byte[]> whole = forwarded(exchange, sent);
          body(exchange, whole, stalls ? after : null);
          if (stalls) {
            begun.countDown();
            closed.await();
          }
        }
        case Fault.NoRanges(int status) ->
            withoutRanges(exchange, forwarded(exchange, sent), range == null ? 200 : status);
        case Fault.Drip(long millis) -> drip(exchange, forwarded(exchange, sent), millis);
        case null -> body(exchange, forwarded(exchange, sent), null);
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> forwarded(HttpExchange exchange, byte[] sent)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(behind + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                sent.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(sent));
    for (String header : List.of("Content-Type", "If-None-Match", "Accept-Encoding")) {
      String value = exchange.getRequestHeaders().getFirst(header);
      if (value != null) {
        request.header(header, value);
      }
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void body(
      HttpExchange exchange, HttpResponse<byte[]> from, @Nullable Integer cutAfter)
      throws IOException {
    byte[] all = from.body();
    int status = head(exchange, from);
    int start = status == 200 ? rangeStart(exchange, all.length) : 0;
    if (start > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + start + "-" + (all.length - 1) + "/" + all.length);
    }
    int length = all.length - start;
    exchange.sendResponseHeaders(start > 0 ? 206 : status, length == 0 ? -1 : length);
    OutputStream out = exchange.getResponseBody();
    out.write(all, start, cutAfter == null ? length : Math.min(length, cutAfter));
    out.flush();
    // Closing before all was written breaks the connection off.
  }

  private static void withoutRanges(HttpExchange exchange, HttpResponse<byte[]> from, int status)
      throws IOException {
    byte[] all = from.body();
    head(exchange, from);
    switch (status) {
      case 416 -> exchange.sendResponseHeaders(416, -1);
      case 206 -> {
        exchange.getResponseHeaders().set("Content-Range", "bytes 0-9/" + all.length);
        exchange.sendResponseHeaders(206, 10);
        exchange.getResponseBody().write(all, 0, 10);
      }
      default -> {
        exchange.sendResponseHeaders(200, all.length);
        exchange.getResponseBody().write(all);
      }
    }
  }

  private static int rangeStart(HttpExchange exchange, int length) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null || !range.matches("bytes=[0-9]{1,9}-")) {
      return 0;
    }
    int start = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    return start < length ? start : 0;
  }

  private void drip(HttpExchange exchange, HttpResponse<byte[]> from, long millis)
      throws IOException, InterruptedException {
    exchange.sendResponseHeaders(head(exchange, from), 0);
    OutputStream out = exchange.getResponseBody();
    for (int i = 0; i < Math.min(from.body().length, MOST_FORWARDED); i++) {
      out.write(from.body()[i]);
      out.flush();
      if (closed.await(millis, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  private static int head(HttpExchange exchange, HttpResponse<byte[]> from) {
    for (String header : List.of("Content-Type", "ETag", "Content-Encoding")) {
      from.headers()
          .firstValue(header)
          .ifPresent(value -> exchange.getResponseHeaders().set(header, value));
    }
    return from.statusCode();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    client.close();
  }
}
