package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.http.RequestBody;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.TrustPolicy;
import dev.raya.resolver.index.IndexException;
import dev.raya.resolver.index.RegistryConfig;
import dev.raya.resolver.index.RegistryConfigCodec;
import dev.raya.signing.tile.TileSource;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongConsumer;

/**
 * A registry that was reached and admitted by the trust policy. Calls block and may come from any
 * thread.
 */
public final class Registry {
  /** Largest index document (registry.md 1.4). */
  public static final int MAX_INDEX_BYTES = 16 << 20;

  /** Largest root metadata (security.md). */
  private static final int MAX_ROOT_BYTES = 1 << 20;

  private static final int MAX_ANSWER_BYTES = 1 << 20;
  private static final String JSON = "application/json";

  private final Transport transport;
  private final RegistryAddress address;
  private final byte[] configBytes;
  private final KnownRegistries.Known known;
  private volatile RegistryConfig config;
  private volatile Bases bases;
  private final TokenSource token;

  /** Where the parts of the registry are: its configuration's addresses, made absolute. */
  private record Bases(URI api, URI blobs, URI index, URI log, URI tuf) {
    static Bases of(URI base, RegistryConfig config) throws CommandException {
      return new Bases(
          absolute(base, config.api()),
          absolute(base, config.blobs()),
          absolute(base, config.index()),
          absolute(base, config.log()),
          absolute(base, config.tuf()));
    }

    private static URI absolute(URI base, String given) throws CommandException {
      try {
        URI uri = base.resolve(given.isEmpty() || given.endsWith("/") ? given : given + "/");
        if (uri.getHost() != null) {
          return uri;
        }
      } catch (IllegalArgumentException malformed) {
        throw Failures.notARegistry(base, "its configuration names no address: " + given);
      }
      throw Failures.notARegistry(base, "its configuration names no address: " + given);
    }
  }

  private Registry(
      Transport transport,
      RegistryAddress address,
      byte[] configBytes,
      RegistryConfig config,
      Bases bases,
      KnownRegistries.Known known,
      TokenSource token) {
    this.transport = transport;
    this.address = address;
    this.configBytes = configBytes;
    this.config = config;
    this.bases = bases;
    this.known = known;
    this.token = token;
  }

  /**
   * Reaches a registry: reads its configuration and first root, and asks the policy.
   *
   * @param token gives what to show where the API asks for an account; sent to the registry's own
   *     host only
   * @throws CommandException if it cannot be reached, is no registry, or is not admitted
   * @throws InterruptedException if the thread was interrupted
   */
  public static Registry reach(
      Transport transport, RegistryAddress address, TrustPolicy policy, TokenSource token)
      throws CommandException, InterruptedException {
    URI base = address.base();
    URI configAddress = base.resolve("index/config.json");
    URI rootAddress = base.resolve("tuf/1.root.json");
    // Where the root usually is it is asked for at once, to save a round trip.
    FutureTask<byte[]> usual =
        new FutureTask<>(() -> whole(transport, rootAddress, MAX_ROOT_BYTES));
    Thread reading = Thread.ofVirtual().start(usual);
    byte[] configBytes;
    RegistryConfig config;
    Bases bases;
    byte[] root;
    try {
      configBytes = whole(transport, configAddress, RegistryConfig.MAX_BYTES);
      config = RegistryConfigCodec.read(configBytes);
      bases = Bases.of(base, config);
      URI stated = bases.tuf().resolve("1.root.json");
      root = stated.equals(rootAddress) ? usual.get() : whole(transport, stated, MAX_ROOT_BYTES);
    } catch (IndexException malformed) {
      throw Failures.notARegistry(configAddress, String.valueOf(malformed.getMessage()));
    } catch (ExecutionException failed) {
      throw IndexAnswers.cause(failed);
    } finally {
      reading.interrupt();
    }
    KnownRegistries.Known known = policy.admit(address, config.origin(), root);
    return new Registry(transport, address, configBytes, config, bases, known, token);
  }

  private static byte[] whole(Transport transport, URI uri, int limit)
      throws CommandException, InterruptedException {
    Answer answer = transport.get(uri, Map.of(), limit);
    if (!answer.ok()) {
      throw Failures.refused(answer);
    }
    return answer.body();
  }

  /** The registry's URL as the user gave it. */
  public URI base() {
    return address.base();
  }

  /** Its configuration; that of its signed metadata as soon as this command has read it. */
  public RegistryConfig config() {
    return config;
  }

  /** The configuration as it was served; not copied. */
  byte[] configBytes() {
    return configBytes;
  }

  /** Takes the signed configuration in the place of a copy that is older. */
  void configure(RegistryConfig signed) throws IOException {
    try {
      bases = Bases.of(address.base(), signed);
    } catch (CommandException noAddress) {
      throw new IOException(noAddress);
    }
    config = signed;
  }

  /** The TUF repository; targets lie below the registry's own address. */
  HttpTufSource tufSource() {
    return new HttpTufSource(transport, bases.tuf(), address.base());
  }

  /** The files of the log. */
  public TileSource tiles() {
    return new HttpTiles(transport, bases.log());
  }

  /** What this home knows of it. */
  public KnownRegistries.Known known() {
    return known;
  }

  /**
   * Reads the index document of a package.
   *
   * @param path its path below the index, {@code p1/p2/SHA256.file}
   * @param from where to begin
   * @return the answer: 200, 206, 404 or 416
   */
  Answer index(String path, int from) throws CommandException, InterruptedException {
    Map<String, String> headers = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
    Answer answer = transport.get(bases.index().resolve(path), headers, MAX_INDEX_BYTES);
    if (answer.ok() || answer.status() == 404 || answer.status() == 416) {
      return answer;
    }
    throw Failures.refused(answer);
  }

  /** Reads many leaves and attestations in one answer. */
  Answer batch(byte[] request) throws CommandException, InterruptedException {
    Answer answer =
        transport.post(
            bases.index().resolve("batch"),
            RequestBody.of(request),
            Map.of("Content-Type", JSON, "Accept-Encoding", "zstd"),
            Batch.MAX_CODED_BYTES,
            true);
    if (!answer.ok()) {
      throw Failures.refused(answer);
    }
    return answer;
  }

  /** Where a blob is. */
  URI blob(Digest digest) {
    String hex = digest.hex();
    return bases.blobs().resolve("sha256/" + hex.substring(0, 2) + "/" + hex);
  }

  /** Reads a small blob whole; its digest is not compared. */
  public byte[] smallBlob(Digest digest, int limit) throws CommandException, InterruptedException {
    return whole(transport, blob(digest), limit);
  }

  /** Reads a blob into a sink; its digest is not compared. */
  void download(Digest digest, Transport.Sink sink, long limit, LongConsumer received)
      throws CommandException, InterruptedException {
    Answer answer = transport.download(blob(digest), sink, limit, received);
    if (!answer.ok()) {
      throw Failures.refused(answer);
    }
  }

  /** Names that begin like a text, as the registry suggests them; none if it cannot say. */
  public List<String> suggest(String text) throws InterruptedException {
    try {
      Answer answer =
          transport.get(
              bases
                  .api()
                  .resolve("search/suggest?q=" + URLEncoder.encode(text, StandardCharsets.UTF_8)),
              Map.of(),
              MAX_ANSWER_BYTES);
      if (!answer.ok()) {
        return List.of();
      }
      return names(JsonReader.read(answer.body()));
    } catch (CommandException | JsonException noSuggestion) {
      // A suggestion is a courtesy beside an error that is reported anyway.
      return List.of();
    }
  }

  private static List<String> names(Json document) {
    Json list = document;
    if (document instanceof Json.Obj object) {
      for (String member : List.of("suggestions", "names", "items", "packages")) {
        Json inner = object.get(member);
        if (inner instanceof Json.Array) {
          list = inner;
        }
      }
    }
    List<String> names = new ArrayList<>();
    if (list instanceof Json.Array array) {
      for (Json item : array.items()) {
        if (item instanceof Json.Str(String name)) {
          names.add(name);
        } else if (item instanceof Json.Obj object
            && object.get("name") instanceof Json.Str(String name)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /** The API's calls beside publishing. */
  public RegistryApi api() {
    return new RegistryApi(transport, bases.api(), this::authorised);
  }

  /**
   * Reads a document of the API with the account's token.
   *
   * @throws CommandException as the registry refuses, or RAYA-REG-002 without a token
   */
  public Json apiGet(String path) throws CommandException, InterruptedException {
    Answer answer = transport.get(bases.api().resolve(path), authorised(), MAX_ANSWER_BYTES);
    if (!answer.ok()) {
      throw Failures.refused(answer);
    }
    return json(answer);
  }

  /** Sends a JSON document to the API with the account's token. */
  public Json apiPost(String path, byte[] document) throws CommandException, InterruptedException {
    return apiPost(path, JSON, RequestBody.of(document), false);
  }

  /** Sends a body to the API with the account's token. */
  public Json apiPost(String path, String contentType, RequestBody body, boolean repeatable)
      throws CommandException, InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>(authorised());
    headers.put("Content-Type", contentType);
    Answer answer =
        transport.post(bases.api().resolve(path), body, headers, MAX_ANSWER_BYTES, repeatable);
    if (!answer.ok()) {
      throw Failures.refused(answer);
    }
    return json(answer);
  }

  /**
   * Fails early where the API would ask for an account.
   *
   * @throws CommandException RAYA-REG-002 if there is no token
   */
  public void requireToken() throws CommandException, InterruptedException {
    authorised();
  }

  private Map<String, String> authorised() throws CommandException, InterruptedException {
    boolean own =
        RegistryAddress.originOf(bases.api()).equals(RegistryAddress.originOf(address.base()));
    String shown = own ? token.token() : null;
    if (shown == null) {
      throw new CommandException(
          "RAYA-REG-002",
          "not signed in to " + address.base(),
          "`raya-pm login` keeps a token of that registry, or set RAYA_TOKEN",
          "its operator makes tokens: `raya-registry token create --user NAME`");
    }
    return Map.of("Authorization", "Bearer " + shown);
  }

  private static Json json(Answer answer) throws CommandException {
    try {
      return answer.body().length == 0 ? Json.NULL : JsonReader.read(answer.body());
    } catch (JsonException malformed) {
      throw Failures.notARegistry(answer.uri(), String.valueOf(malformed.getMessage()));
    }
  }
}
