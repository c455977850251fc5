package dev.raya.integration.attack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.raya.cache.archive.ZstdCoding;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * Stands before a registry and changes what it answers, as a malicious registry, mirror or proxy
 * would. Of batches it lets only leaves through, and changes each part of them like the file that
 * it is: records under {@code /leaf/N}, proofs under {@code /proof/N}, attestations under their
 * paths.
 */
final class TamperingProxy implements AutoCloseable {
  private static final int MAX_BATCH = 64 << 20;

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final String target;
  private final Map<String, Reply> seen = new ConcurrentHashMap<>();
  private volatile Tampering tampering = (path, honest) -> honest;

  /**
   * An answer.
   *
   * @param location where it redirects to, or empty
   * @param pause milliseconds between two bytes; 0 for none
   * @param length of the body as the head states it; if it is shorter, the line breaks
   * @param range which part of the whole the body is said to be, or empty
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Reply(int status, byte[] body, String location, int pause, int length, String range) {
    Reply(int status, byte[] body, String location, int pause) {
      this(status, body, location, pause, body.length, "");
    }

    Reply with(byte[] other) {
      return new Reply(status, other, location, pause, other.length, range);
    }

    /** The same as the part of a whole that it says. */
    Reply saying(int otherStatus, String otherRange) {
      return new Reply(otherStatus, body, location, pause, length, otherRange);
    }

    /** The first half, where the line breaks. */
    Reply brokenOff() {
      return new Reply(
          status, Arrays.copyOf(body, body.length / 2), location, pause, body.length, range);
    }
  }

  /** Changes answers. */
  interface Tampering {
    Reply change(String path, Reply honest);
  }

  TamperingProxy(String target) throws IOException {
    this.target = target;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void tamper(Tampering change) {
    tampering = change;
  }

  void honest() {
    tampering = (path, honest) -> honest;
  }

  /** What passed unchanged so far, by path. */
  Map<String, Reply> seen() {
    return Map.copyOf(seen);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().toString();
    byte[] request = exchange.getRequestBody().readAllBytes();
    try {
      if (path.equals("/index/batch")) {
        batch(exchange, request);
        return;
      }
      HttpRequest.Builder forwarded = HttpRequest.newBuilder(URI.create(target + path));
      for (String name : new String[] {"Authorization", "Content-Type", "Range"}) {
        String value = exchange.getRequestHeaders().getFirst(name);
        if (value != null) {
          forwarded.header(name, value);
        }
      }
      forwarded.method(
          exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(request));
      HttpResponse<byte[]> answer =
          client.send(forwarded.build(), HttpResponse.BodyHandlers.ofByteArray());
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      Reply honest =
          new Reply(answer.statusCode(), answer.body(), "", 0)
              .saying(answer.statusCode(), answer.headers().firstValue("Content-Range").orElse(""));
      if (honest.status() == 200) {
        seen.put(path, honest);
      }
      send(exchange, tampering.change(path, honest));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      exchange.close();
    } catch (JsonException malformed) {
      throw new IOException(malformed);
    }
  }

  private void batch(HttpExchange exchange, byte[] request)
      throws IOException, InterruptedException, JsonException {
    JsonFields asked = JsonFields.root(JsonReader.read(request));
    Reply whole = tampering.change("/index/batch", new Reply(200, new byte[0], "", 0));
    if (whole.status() != 200 || whole.body().length > 0) {
      exchange.getResponseHeaders().set("Content-Encoding", "zstd");
      send(exchange, whole);
      return;
    }
    if (asked.items("leaves").isEmpty()) {
      send(exchange, new Reply(404, new byte[0], "", 0));
      return;
    }
    byte[] leaves =
        CanonicalJson.bytes(Json.object().put("leaves", Json.array(asked.items("leaves"))).build());
    HttpResponse<byte[]> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(target + "/index/batch"))
                .header("Content-Type", "application/json")
                .header("Accept-Encoding", "zstd")
                .POST(HttpRequest.BodyPublishers.ofByteArray(leaves))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
    send(
        exchange,
        new Reply(
            answer.statusCode(), frames(ZstdCoding.decompress(answer.body(), MAX_BATCH)), "", 0));
  }

  private byte[] frames(byte[] body) throws JsonException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < body.length) {
      int end = at;
      while (body[end] != '\n') {
        end++;
      }
      Json.Obj head = (Json.Obj) JsonReader.read(Arrays.copyOfRange(body, at, end));
      JsonFields fields = JsonFields.root(head);
      at = end + 1;
      byte[] content = new byte[0];
      if (fields.has("length")) {
        int length = (int) fields.integer("length");
        content = Arrays.copyOfRange(body, at, at + length);
        at += length;
      }
      byte[] changed = fields.has("length") ? changed(fields, content) : content;
      Json.ObjectBuilder written = Json.object();
      for (String name : fields.names()) {
        if (name.equals("length")) {
          written.put(name, changed.length);
        } else {
          written.put(name, fields.value(name));
        }
      }
      out.writeBytes(CanonicalJson.bytes(written.build()));
      out.write('\n');
      out.writeBytes(changed);
    }
    return out.toByteArray();
  }

  private byte[] changed(JsonFields head, byte[] content) throws JsonException {
    if (!head.has("leaf")) {
      return change("/" + head.string("path"), content);
    }
    int end = 0;
    while (end < content.length && content[end] != '\n') {
      end++;
    }
    long leaf = head.integer("leaf");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(change("/leaf/" + leaf, Arrays.copyOf(content, end)));
    out.write('\n');
    byte[] proof = Arrays.copyOfRange(content, Math.min(content.length, end + 1), content.length);
    out.writeBytes(change("/proof/" + leaf, proof));
    return out.toByteArray();
  }

  private byte[] change(String path, byte[] content) {
    Reply honest = new Reply(200, content, "", 0);
    seen.put(path, honest);
    return tampering.change(path, honest).body();
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    if (!reply.location().isEmpty()) {
      exchange.getResponseHeaders().set("Location", reply.location());
    }
    if (!reply.range().isEmpty()) {
      exchange.getResponseHeaders().set("Content-Range", reply.range());
    }
    byte[] body = reply.body();
    exchange.sendResponseHeaders(reply.status(), reply.length() == 0 ? -1 : reply.length());
    for (int i = 0; reply.pause() > 0 && i < body.length; i++) {
      exchange.getResponseBody().write(body, i, 1);
      exchange.getResponseBody().flush();
      java.util.concurrent.locks.LockSupport.parkNanos(reply.pause() * 1_000_000L);
    }
    if (reply.pause() == 0) {
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().flush(); // also of one that breaks off
    }
    exchange.close();
  }

  /** The text of a body. */
  static String text(byte[] body) {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** A map in the order of its making, for cases with names. */
  static Map<String, Tampering> cases() {
    return new LinkedHashMap<>();
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
  }
}
