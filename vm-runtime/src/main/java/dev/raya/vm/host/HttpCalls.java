package dev.raya.vm.host;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The functions of {@code raya:http}: a client, and a server whose requests are taken in turn. */
final class HttpCalls {
  private static final int MAX_REDIRECTS = 10;

  /** So much of a body that is too large is read and dropped, in bytes. */
  private static final int MAX_DISCARDED = 1 << 24;

  /** The longest wait for open requests, in seconds; the server computes with int milliseconds. */
  private static final int MAX_GRACE_SECONDS = 2_000_000;

  /** Headers that the client sets itself. */
  private static final List<String> RESTRICTED =
      List.of("connection", "content-length", "expect", "host", "upgrade");

  /** Headers that only the server they were meant for gets. */
  private static final List<String> CREDENTIALS =
      List.of("authorization", "cookie", "proxy-authorization");

  private @Nullable HttpClient client;

  /** An answer, its body read. */
  private record Answer(int status, List<String> headers, byte[] body, String url) {}

  /** What stands for the end of a server's requests. */
  private static final Object CLOSED = new Object();

  /** A server and the requests that nobody took yet. */
  private record Listening(
      HttpServer server, ExecutorService threads, LinkedBlockingQueue<Object> requests) {}

  @Nullable Object call(String name, Arguments a)
      throws IOException, HostFailure, InterruptedException {
    return switch (name) {
      case "fetch" -> fetch(a);
      case "status" -> a.handle(0, Answer.class).status();
      case "headers" -> a.handle(0, Answer.class).headers();
      case "body" -> a.handle(0, Answer.class).body();
      case "url" -> a.handle(0, Answer.class).url();
      case "listen" -> listen(a);
      case "port" -> a.handle(0, Listening.class).server().getAddress().getPort();
      case "accept" -> accept(a.handle(0, Listening.class));
      case "isRequest" -> a.values().getFirst() instanceof HttpExchange;
      case "request" -> request(a.handle(0, HttpExchange.class));
      case "requestHeaders" -> headers(a.handle(0, HttpExchange.class).getRequestHeaders());
      case "requestBody" -> body(a.handle(0, HttpExchange.class));
      case "respond" -> respond(a);
      case "stop" -> stop(a.handle(0, Listening.class), a.number(1));
      default -> throw new IllegalStateException("unknown function http." + name);
    };
  }

  // ---- client

  private synchronized HttpClient client() {
    HttpClient known = client;
    if (known == null) {
      known = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
      client = known;
    }
    return known;
  }

  private HttpResponse<InputStream> send(HttpRequest request)
      throws IOException, HostFailure, InterruptedException {
    try {
      return client().send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException failed) {
      HostFailure told = Failures.of(failed, null);
      throw Failures.io(told.code(), null, told.getMessage() + ": " + request.uri().getAuthority());
    }
  }

  /** Method, address, headers (name and value in turn), body, limit, redirects, most bytes. */
  private Answer fetch(Arguments a) throws IOException, HostFailure, InterruptedException {
    String method = a.text(0);
    URI address = address(a.text(1));
    byte[] body = a.bytes(3);
    List<String> headers = a.texts(2);
    long end = System.nanoTime() + (long) (Math.clamp(a.number(4), 1, 1e12) * 1e6);
    for (int hop = 0; ; hop++) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw late();
      }
      HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(Duration.ofNanos(left));
      request.method(
          method,
          body.length == 0
              ? HttpRequest.BodyPublishers.noBody()
              : HttpRequest.BodyPublishers.ofByteArray(body));
      for (int i = 0; i + 1 < headers.size(); i += 2) {
        if (!RESTRICTED.contains(headers.get(i).toLowerCase(Locale.ROOT))) {
          request.header(headers.get(i), headers.get(i + 1));
        }
      }
      HttpResponse<InputStream> response = send(request.build());
      byte[] received = received(response.body(), a.number(6), end);
      String location = response.headers().firstValue("location").orElse(null);
      boolean redirect =
          location != null && List.of(301, 302, 303, 307, 308).contains(response.statusCode());
      if (redirect && a.text(5).equals("error")) {
        throw Failures.io("EIO", null, "the answer is a redirect to " + location);
      }
      if (location == null || !redirect || a.text(5).equals("manual")) {
        return new Answer(
            response.statusCode(), flat(response.headers().map()), received, address.toString());
      }
      if (hop >= MAX_REDIRECTS) {
        throw Failures.io("EIO", null, "more than " + MAX_REDIRECTS + " redirects");
      }
      URI next = target(address, location);
      if (!sameServer(address, next)) {
        headers = withoutCredentials(headers);
      }
      address = next;
      boolean rewritten =
          response.statusCode() == 303 || method.equals("POST") && response.statusCode() < 303;
      if (rewritten && !method.equals("HEAD")) {
        method = "GET";
        body = new byte[0];
      }
    }
  }

  private static URI address(String text) throws HostFailure {
    try {
      URI address = URI.create(text);
      String scheme = String.valueOf(address.getScheme());
      if (address.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return address;
      }
    } catch (IllegalArgumentException malformed) {
      throw Failures.io("EINVAL", null, "malformed address " + text);
    }
    throw Failures.io("EINVAL", null, "no address of http or https: " + text);
  }

  private static HostFailure late() {
    return new HostFailure("TimeoutError", "", null, "time limit exceeded");
  }

  /** Reads a body until the end on System.nanoTime, at which it is closed under the reader. */
  private static byte[] received(InputStream body, double most, long end)
      throws IOException, HostFailure {
    CompletableFuture<Boolean> clock =
        new CompletableFuture<Boolean>()
            .completeOnTimeout(true, Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
    CompletableFuture<Boolean> closed =
        clock.thenApply(
            late -> {
              if (late) {
                close(body);
              }
              return late;
            });
    try {
      byte[] data = bounded(body, most);
      if (!clock.complete(false)) {
        throw late();
      }
      return data;
    } catch (IOException failed) {
      if (!clock.complete(false)) {
        throw late();
      }
      throw failed;
    } finally {
      clock.complete(false);
      closed.cancel(false);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException gone) {
      // Closed in any case.
    }
  }

  /** Where a redirect leads. */
  private static URI target(URI from, String location) throws HostFailure {
    URI next;
    try {
      next = address(from.resolve(location).toString());
    } catch (IllegalArgumentException malformed) {
      throw Failures.io("EINVAL", null, "the answer is a redirect to a malformed address");
    }
    if (from.getScheme().equals("https") && !next.getScheme().equals("https")) {
      throw Failures.io("EIO", null, "the answer is a redirect from https to http");
    }
    return next;
  }

  private static boolean sameServer(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && port(one) == port(other);
  }

  private static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return address.getScheme().equals("https") ? 443 : 80;
  }

  private static List<String> withoutCredentials(List<String> headers) {
    List<String> kept = new ArrayList<>();
    for (int i = 0; i + 1 < headers.size(); i += 2) {
      if (!CREDENTIALS.contains(headers.get(i).toLowerCase(Locale.ROOT))) {
        kept.add(headers.get(i));
        kept.add(headers.get(i + 1));
      }
    }
    return kept;
  }

  private static byte[] bounded(InputStream in, double most) throws IOException, HostFailure {
    int limit = (int) Math.clamp(most, 0, 1 << 28);
    try (in) {
      byte[] data = in.readNBytes(limit);
      if (data.length == limit && in.read() >= 0) {
        throw tooLarge(limit);
      }
      return data;
    }
  }

  private static HostFailure tooLarge(int most) {
    return Failures.io("EFBIG", null, "the body has more than " + most + " bytes");
  }

  private static List<String> flat(Map<String, List<String>> headers) {
    List<String> flat = new ArrayList<>();
    headers.forEach(
        (name, values) -> {
          for (String value : values) {
            if (name != null && !name.startsWith(":")) {
              flat.add(name);
              flat.add(value);
            }
          }
        });
    return flat;
  }

  // ---- server

  /** Host, port, most bytes of a body, certificate and key. */
  private static Listening listen(Arguments a) throws IOException, HostFailure {
    int port = (int) a.number(1);
    if (port < 0 || port > 65_535) {
      throw new HostFailure("RangeError", "", null, "a port is 0 to 65535");
    }
    InetSocketAddress address = new InetSocketAddress(a.text(0), port);
    if (address.isUnresolved()) {
      throw Failures.io("ENOTFOUND", null, "host not found: " + a.text(0));
    }
    HttpServer server;
    try {
      if (a.text(3).isEmpty()) {
        server = HttpServer.create(address, 0);
      } else {
        HttpsServer secured = HttpsServer.create(address, 0);
        secured.setHttpsConfigurator(
            new HttpsConfigurator(Certificates.context(a.text(3), a.text(4))));
        server = secured;
      }
    } catch (java.net.BindException taken) {
      throw Failures.io("EADDRINUSE", null, "the address is in use or not of this machine");
    } catch (GeneralSecurityException unusable) {
      throw Failures.io("EINVAL", null, "certificate or key: " + unusable.getMessage());
    }
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    LinkedBlockingQueue<Object> requests = new LinkedBlockingQueue<>();
    double most = a.number(2);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          exchange.setAttribute("raya.most", most);
          requests.add(exchange);
        });
    server.start();
    return new Listening(server, threads, requests);
  }

  /** The next request; something else once the server is closed. */
  private static Object accept(Listening listening) throws InterruptedException {
    Object next = listening.requests().take();
    if (next == CLOSED) {
      listening.requests().add(CLOSED);
    }
    return next;
  }

  /** Method, address, path, query, address of the client. */
  private static List<String> request(HttpExchange exchange) {
    URI uri = exchange.getRequestURI();
    InetSocketAddress remote = exchange.getRemoteAddress();
    return List.of(
        exchange.getRequestMethod(),
        uri.toString(),
        String.valueOf(uri.getPath()),
        uri.getRawQuery() == null ? "" : uri.getRawQuery(),
        remote.getAddress().getHostAddress() + ":" + remote.getPort());
  }

  private static List<String> headers(Map<String, List<String>> headers) {
    return flat(headers);
  }

  /** The body of a request, which must not be longer than the server takes. */
  private static byte[] body(HttpExchange exchange) throws IOException, HostFailure {
    double most = exchange.getAttribute("raya.most") instanceof Double d ? d : 0;
    int limit = (int) Math.clamp(most, 0, 1 << 28);
    String announced = exchange.getRequestHeaders().getFirst("content-length");
    InputStream in = exchange.getRequestBody();
    if (announced == null || Double.parseDouble(announced) <= limit) {
      byte[] data = in.readNBytes(limit);
      if (data.length < limit || in.read() < 0) {
        return data;
      }
    }
    // A client that is still sending when the connection closes may not see the answer.
    byte[] dropped = new byte[1 << 16];
    for (long left = MAX_DISCARDED; left > 0; ) {
      int count = in.read(dropped);
      left -= count < 0 ? left : count;
    }
    throw tooLarge(limit);
  }

  /**
   * Request, status, headers (name and value in turn), body. The request can still be answered
   * after a header that cannot be sent.
   */
  private static @Nullable Object respond(Arguments a) throws IOException, HostFailure {
    HttpExchange asked = a.handle(0, HttpExchange.class);
    List<String> headers = a.texts(2);
    try {
      for (int i = 0; i + 1 < headers.size(); i += 2) {
        asked.getResponseHeaders().add(headers.get(i), headers.get(i + 1));
      }
    } catch (IllegalArgumentException malformed) {
      asked.getResponseHeaders().clear();
      throw Failures.io("EINVAL", null, "malformed header: " + malformed.getMessage());
    }
    try (HttpExchange exchange = asked) {
      byte[] body = a.bytes(3);
      boolean none =
          body.length == 0
              || exchange.getRequestMethod().equals("HEAD")
              || a.integer(1) == 204
              || a.integer(1) == 304;
      exchange.sendResponseHeaders(a.integer(1), none ? -1 : body.length);
      if (!none) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(body);
        }
      }
    }
    return null;
  }

  /**
   * Takes no more connections, waits for the requests that run and closes what is left. The server
   * counts its patience in seconds: a second stop ends it to the millisecond.
   */
  private static @Nullable Object stop(Listening listening, double graceMillis)
      throws InterruptedException {
    long grace = (long) Math.clamp(graceMillis, 0, MAX_GRACE_SECONDS * 1e3);
    if (grace > 0) {
      int seconds = (int) ((grace + 999) / 1000);
      Thread.startVirtualThread(() -> listening.server().stop(seconds))
          .join(Duration.ofMillis(grace));
    }
    listening.server().stop(0);
    listening.requests().add(CLOSED);
    listening.threads().shutdown();
    return null;
  }
}
