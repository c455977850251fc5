package dev.raya.registry.publish;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.ops.CommandLine;
import dev.raya.registry.ops.RunningRegistry;
import dev.raya.signing.key.KeyPossession;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.key.SigningKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client of the registry under test: a token and a key, and the requests of the tests. */
public final class Client {
  private final HttpClient http = HttpClient.newHttpClient();
  private final URI base;
  private final @Nullable String token;
  private final SigningKey key = SigningKey.generate(new SecureRandom());

  /**
   * An answer.
   *
   * @param status HTTP status
   * @param body its bytes
   * @param response all of it
   */
  public record Answer(int status, byte[] body, HttpResponse<byte[]> response) {
    /** The body as text. */
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    /** The body as a JSON object. */
    public Json.Obj json() {
      try {
        return (Json.Obj) JsonReader.read(body);
      } catch (JsonException e) {
        throw new IllegalStateException(text(), e);
      }
    }

    /** A member of the body, as text. */
    public String member(String name) {
      Json value = json().get(name);
      return switch (value) {
        case null -> "(none)";
        case Json.Str(String text) -> text;
        default -> CanonicalJson.text(value);
      };
    }

    /** A member of the body. */
    public Json value(String name) {
      Json value = json().get(name);
      if (value == null) {
        throw new IllegalStateException("no member " + name + " in " + text());
      }
      return value;
    }

    /** A header, or an empty text. */
    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  private Client(URL base, @Nullable String token) {
    this.base = URI.create(base.toString());
    this.token = token;
  }

  /** Somebody without an account. */
  public static Client anonymous(URL base) {
    return new Client(base, null);
  }

  /** Somebody with a token. */
  public static Client with(URL base, String token) {
    return new Client(base, token);
  }

  /** A user with a fresh operator token, made beside the running server, and a registered key. */
  public static Client publisher(URL base, String user) throws Exception {
    Client client = new Client(base, token(user));
    if (client.register(client.key).status() >= 300) {
      throw new IllegalStateException("the key was not registered");
    }
    return client;
  }

  /** Makes a token by the command line. */
  public static String token(String user, String... more) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                "token",
                "create",
                "--data-dir",
                RunningRegistry.directory().root().toString(),
                "--user",
                user));
    line.addAll(List.of(more));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int exit =
        new CommandLine(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                System.err,
                new SecureRandom(),
                InstantSource.system(),
                options -> 1)
            .run(line);
    if (exit != 0) {
      throw new IllegalStateException("token create ended with " + exit);
    }
    return out.toString(StandardCharsets.UTF_8).strip();
  }

  /** The client's signing key. */
  public SigningKey key() {
    return key;
  }

  /** Registers a key with its proof. */
  public Answer register(SigningKey added) throws Exception {
    return register(PublisherKey.plain(added));
  }

  /** Registers a key, hybrid or not, with its proofs. */
  public Answer register(PublisherKey added) throws Exception {
    return post(
        "keys",
        "application/json",
        CanonicalJson.bytes(KeyPossession.request(RunningRegistry.ORIGIN, added)));
  }

  /** Publishes a package. */
  public Answer publish(TestPackage sample) throws Exception {
    return publish(sample.parts(key));
  }

  /** Sends these parts. */
  public Answer publish(Parts parts) throws Exception {
    return publish(parts, "");
  }

  /** Sends these parts with a query. */
  public Answer publish(Parts parts, String query) throws Exception {
    return post("publish" + query, "multipart/form-data; boundary=" + Parts.BOUNDARY, parts.body());
  }

  /** POST with further headers. */
  public Answer post(String path, String type, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /** GET with headers. */
  public Answer get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /** POST of JSON. */
  public Answer post(String path, String json) throws Exception {
    return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /** PUT of JSON with further headers. */
  public Answer put(String path, String json, String... headers) throws Exception {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(json));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  /** DELETE. */
  public Answer delete(String path) throws Exception {
    return send(request(path).DELETE());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve("/" + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request;
  }

  private Answer send(HttpRequest.Builder request) throws Exception {
    HttpResponse<byte[]> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), response.body(), response);
  }
}
