package dev.raya.cli.pm.fetch;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.http.RequestBody;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a registry's API (registry.md 1.2) that look things up, change what was published,
 * and concern an account. Paths are relative to the API and consist of checked names and versions.
 */
public final class RegistryApi {
  private static final int MAX_BYTES = 8 << 20;

  private final Transport transport;
  private final URI base;
  private final Authorization authorization;

  /** Gives the headers of the account, or fails. */
  @FunctionalInterface
  interface Authorization {
    Map<String, String> headers() throws CommandException, InterruptedException;
  }

  RegistryApi(Transport transport, URI base, Authorization authorization) {
    this.transport = transport;
    this.base = base;
    this.authorization = authorization;
  }

  /**
   * A text as it may stand in a query.
   *
   * @param text any text
   */
  public static String query(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** Where a path of the API is, for people. */
  public URI address(String path) {
    return base.resolve(path);
  }

  /**
   * Reads a document that everybody may read.
   *
   * @throws CommandException as the registry refuses
   * @throws InterruptedException if the thread was interrupted
   */
  public JsonFields read(String path) throws CommandException, InterruptedException {
    return object(call("GET", path, null, Map.of(), true));
  }

  /**
   * Reads a text that everybody may read.
   *
   * @throws CommandException as the registry refuses
   * @throws InterruptedException if the thread was interrupted
   */
  public String readText(String path) throws CommandException, InterruptedException {
    return new String(call("GET", path, null, Map.of(), true).body(), StandardCharsets.UTF_8);
  }

  /**
   * Reads a document of the account.
   *
   * @throws CommandException as the registry refuses, or RAYA-REG-002 without a token
   * @throws InterruptedException if the thread was interrupted
   */
  public JsonFields readOwn(String path) throws CommandException, InterruptedException {
    return object(call("GET", path, null, authorization.headers(), true));
  }

  /**
   * Sends a document that brings its own proof of who asks.
   *
   * @throws CommandException as the registry refuses
   * @throws InterruptedException if the thread was interrupted
   */
  public JsonFields ask(String path, Json body) throws CommandException, InterruptedException {
    return object(call("POST", path, body, Map.of(), false));
  }

  /**
   * Brings a text that shows by itself who made it, and may come twice; there is nothing to answer.
   *
   * @throws CommandException as the registry refuses
   * @throws InterruptedException if the thread was interrupted
   */
  public void bring(String path, String text) throws CommandException, InterruptedException {
    Answer answer =
        transport.call(
            "POST",
            base.resolve(path),
            RequestBody.of(text.getBytes(StandardCharsets.UTF_8)),
            Map.of("Content-Type", "text/plain; charset=utf-8"),
            MAX_BYTES,
            true);
    if (!answer.ok()) {
      throw Failures.refused(answer);
    }
  }

  /**
   * Makes something new of the account.
   *
   * @throws CommandException as the registry refuses
   * @throws InterruptedException if the thread was interrupted
   */
  public JsonFields create(String path, Json body) throws CommandException, InterruptedException {
    return object(call("POST", path, body, authorization.headers(), false));
  }

  /**
   * A change and what it came to.
   *
   * @param document as it is now
   * @param changed whether it was otherwise before
   */
  public record Change(JsonFields document, boolean changed) {}

  /**
   * Makes a change that can be asked for again without harm.
   *
   * @param method {@code POST}, {@code PUT} or {@code DELETE}
   * @param body what is sent, or null
   * @throws CommandException as the registry refuses
   * @throws InterruptedException if the thread was interrupted
   */
  public Change change(String method, String path, @Nullable Json body)
      throws CommandException, InterruptedException {
    Answer answer = call(method, path, body, authorization.headers(), true);
    return new Change(object(answer), !"false".equals(answer.header("Raya-Changed")));
  }

  /**
   * Takes something of the account away; there is nothing to answer.
   *
   * @throws CommandException as the registry refuses
   * @throws InterruptedException if the thread was interrupted
   */
  public void remove(String path) throws CommandException, InterruptedException {
    // Not repeated: a second time it would not be there.
    call("DELETE", path, null, authorization.headers(), false);
  }

  private Answer call(
      String method,
      String path,
      @Nullable Json body,
      Map<String, String> given,
      boolean repeatable)
      throws CommandException, InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>(given);
    if (body != null) {
      headers.put("Content-Type", "application/json");
    }
    Answer answer =
        transport.call(
            method, base.resolve(path), sent(method, body), headers, MAX_BYTES, repeatable);
    if (!answer.ok()) {
      throw Failures.refused(answer);
    }
    return answer;
  }

  private static @Nullable RequestBody sent(String method, @Nullable Json body) {
    if (body != null) {
      return RequestBody.of(CanonicalJson.bytes(body));
    }
    return method.equals("GET") || method.equals("DELETE") ? null : RequestBody.of(new byte[0]);
  }

  private static JsonFields object(Answer answer) throws CommandException {
    try {
      return JsonFields.root(JsonReader.read(answer.body()));
    } catch (JsonException malformed) {
      throw Failures.notARegistry(answer.uri(), String.valueOf(malformed.getMessage()));
    }
  }
}
