package dev.raya.registry.http;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.registry.settings.RegistrySettings;
import dev.raya.signing.tile.TileLog;
import dev.raya.signing.tile.TilePath;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Serves index, blobs, TUF metadata and targets, and the log from the static tree on the event loop
 * (spec: registry.md 1.1): no database, no worker thread except to look at a file for the first
 * time.
 *
 * <p>What is named by its digest never changes, so what is known about it is kept until pushed out.
 * What is named otherwise is looked at again after {@link #FRESH_NANOS}. The map is guarded by its
 * own lock, which is never held while a file is read.
 */
@ApplicationScoped
public class StaticFiles implements Handler<RoutingContext> {
  /** Where the static tree begins. */
  static final List<String> PREFIXES =
      List.of("/index/", "/blobs/", "/tuf/", "/log/", "/trust/", "/claimed/");

  /** Files among the addresses of the API. */
  static final String ADVISORY_FILES =
      "/advisories/([0-9a-f]{64}\\.osv|([0-9a-f]{64}\\.)?quarantine)\\.json";

  private static final String IMMUTABLE = "public, max-age=31536000, immutable";
  private static final String INDEX_COPY =
      "public, max-age=60, stale-while-revalidate=30, stale-if-error=86400";
  private static final String MINUTE = "public, max-age=60";
  private static final String CHECKPOINT = "public, max-age=5";
  private static final String CONFIG = "public, max-age=300";

  /** How long what is known about a mutable file counts without another look: half a second. */
  private static final long FRESH_NANOS = 500_000_000;

  /** How long a blob is served without a look whether it was taken down: five seconds. */
  private static final long BLOB_NANOS = 5_000_000_000L;

  /** Files up to this size are kept whole. */
  private static final long MAX_KEPT = 256 << 10;

  /** Most entries; at 256 KiB each this bounds the memory to 128 MiB. */
  private static final int MAX_ENTRIES = 512;

  /** What the name of a file ends in that says that a blob was taken down. */
  public static final String TAKEN_DOWN = ".451";

  private final Path root;
  private final RegistrySettings settings;
  private final Map<String, Known> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > MAX_ENTRIES;
        }
      };

  /** A file as it was when it was last looked at; without bytes if it is large. */
  private record Known(
      Path file, long size, long modified, Digest digest, byte @Nullable [] bytes, long lookedAt) {
    String etag() {
      return '"' + digest.hex() + '"';
    }
  }

  /** How a path of the tree is served. */
  private record Kind(String cacheControl, String type, @Nullable Digest digest) {}

  @Inject
  StaticFiles(RegistrySettings settings) {
    this.settings = settings;
    this.root = settings.directory().tree();
  }

  @Override
  public void handle(RoutingContext context) {
    String asked = context.request().path();
    // The one sign of our names that clients may quote: that of a scope.
    String path = asked == null ? null : asked.replace("%40", "@");
    Kind kind = path == null ? null : kind(path);
    if (path == null || kind == null) {
      refuse(context);
      return;
    }
    Known file = recall(path);
    if (file != null && isFresh(path, kind, file)) {
      answer(context, kind, file);
      return;
    }
    context
        .vertx()
        .executeBlocking(() -> look(path, kind, file), false)
        .onSuccess(
            found -> {
              if (found == null) {
                refuse(context);
              } else {
                answer(context, kind, found);
              }
            })
        .onFailure(context::fail);
  }

  /**
   * Looks at a file again when it is next asked for; called when this process has written it.
   *
   * @param path as in requests, such as {@code /index/3f/a2/logging}
   */
  public void forget(String path) {
    synchronized (known) {
      known.remove(path);
    }
  }

  /** What a path is, by its form alone; null if it is none of the static tree. */
  private static @Nullable Kind kind(String path) {
    String[] parts = path.substring(1).split("/", -1);
    return switch (parts[0]) {
      case "blobs" ->
          parts.length == 4
                  && parts[1].equals("sha256")
                  && Digest.isHex(parts[3])
                  && parts[3].startsWith(parts[2])
                  && parts[2].length() == 2
              ? new Kind(IMMUTABLE, "application/octet-stream", new Digest(parts[3]))
              : null;
      case "index" -> index(parts);
      case "tuf" ->
          parts.length != 2
              ? null
              : parts[1].matches("[0-9]{1,18}\\.[a-z0-9-]{1,64}\\.json")
                  ? new Kind(IMMUTABLE, Answers.JSON, null)
                  : parts[1].equals("timestamp.json") ? new Kind(MINUTE, Answers.JSON, null) : null;
      case "log" -> log(path.substring("/log/".length()));
      case "trust", "advisories" -> parts.length == 2 ? target(parts[1]) : null;
      case "claimed" ->
          parts.length == 4
                  && parts[1].matches("[0-9a-f]{2}")
                  && parts[2].matches("[0-9a-f]{2}")
                  && parts[3].matches("[@a-z0-9._-]{1,256}")
              ? target(parts[3])
              : null;
      default -> null;
    };
  }

  private static @Nullable Kind log(String path) {
    if (path.equals(TileLog.CHECKPOINT)) {
      return new Kind(CHECKPOINT, "text/plain;charset=UTF-8", null);
    }
    TilePath tile = TilePath.tryParse(path);
    return tile == null
        ? null
        : new Kind(tile.isFull() ? IMMUTABLE : MINUTE, "application/octet-stream", null);
  }

  /** A target of TUF: by digest, or its copy. */
  private static @Nullable Kind target(String file) {
    if (!file.matches("[@a-z0-9._-]{1,321}")) {
      return null;
    }
    String type = file.endsWith(".json") ? Answers.JSON : "text/plain;charset=UTF-8";
    return file.length() > 65 && file.charAt(64) == '.' && Digest.isHex(file.substring(0, 64))
        ? new Kind(IMMUTABLE, type, new Digest(file.substring(0, 64)))
        : new Kind(MINUTE, type, null);
  }

  private static @Nullable Kind index(String[] parts) {
    if (parts.length == 2 && parts[1].equals("config.json")) {
      return new Kind(CONFIG, Answers.JSON, null);
    }
    if (parts.length != 4
        || !parts[1].matches("[0-9a-f]{2}")
        || !parts[2].matches("[0-9a-f]{2}")
        || !parts[3].matches("[@a-z0-9._-]{1,256}")) {
      return null;
    }
    String file = parts[3];
    return file.length() > 65 && file.charAt(64) == '.' && Digest.isHex(file.substring(0, 64))
        ? new Kind(IMMUTABLE, "application/jsonl", new Digest(file.substring(0, 64)))
        : new Kind(INDEX_COPY, "application/jsonl", null);
  }

  private @Nullable Known recall(String path) {
    synchronized (known) {
      return known.get(path);
    }
  }

  private @Nullable Known look(String path, Kind kind, @Nullable Known former) throws IOException {
    Path file = root.resolve(path.substring(1));
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      // There is no such file; the answer is 404, or 451 if a mark says that it was taken down.
      synchronized (known) {
        known.remove(path);
      }
      return null;
    }
    if (!attributes.isRegularFile()) {
      return null;
    }
    long size = attributes.size();
    long modified = attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS);
    Known found;
    if (former != null && former.size() == size && former.modified() == modified) {
      found = new Known(file, size, modified, former.digest(), former.bytes(), System.nanoTime());
    } else if (size <= MAX_KEPT) {
      byte[] bytes = Files.readAllBytes(file);
      Digest digest = kind.digest() == null ? Digest.of(bytes) : kind.digest();
      found = new Known(file, bytes.length, modified, digest, bytes, System.nanoTime());
    } else {
      Digest digest = kind.digest() == null ? Digest.ofFile(file) : kind.digest();
      found = new Known(file, size, modified, digest, null, System.nanoTime());
    }
    synchronized (known) {
      known.put(path, found);
    }
    return found;
  }

  private static void answer(RoutingContext context, Kind kind, Known file) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    MultiMap headers = response.headers();
    headers.set("ETag", file.etag());
    headers.set("Cache-Control", kind.cacheControl());
    headers.set("Accept-Ranges", "bytes");
    if (Etags.matches(request.getHeader("If-None-Match"), file.etag())) {
      response.setStatusCode(304).end();
      return;
    }
    headers.set("Content-Type", kind.type());
    String ifRange = request.getHeader("If-Range");
    String rangeHeader =
        ifRange == null || ifRange.equals(file.etag()) ? request.getHeader("Range") : null;
    switch (ByteRange.of(rangeHeader, file.size())) {
      case ByteRange.Asked.Whole() -> {
        headers.set(
            "Content-Digest",
            "sha-256=:" + Base64.getEncoder().encodeToString(file.digest().bytes()) + ':');
        send(request, response.setStatusCode(200), file, 0, file.size());
      }
      case ByteRange.Asked.Part(ByteRange range) -> {
        headers.set(
            "Content-Range",
            "bytes "
                + range.start()
                + '-'
                + (range.start() + range.length() - 1)
                + '/'
                + file.size());
        send(request, response.setStatusCode(206), file, range.start(), range.length());
      }
      case ByteRange.Asked.Unsatisfiable() -> {
        headers.set("Content-Range", "bytes */" + file.size());
        response.setStatusCode(416).end();
      }
    }
  }

  private static void send(
      HttpServerRequest request, HttpServerResponse response, Known file, long start, long length) {
    response.headers().set("Content-Length", String.valueOf(length));
    if (request.method() == HttpMethod.HEAD) {
      response.end();
      return;
    }
    byte[] bytes = file.bytes();
    if (bytes == null) {
      response.sendFile(file.file().toString(), start, length);
    } else {
      response.end(
          io.vertx.core.buffer.Buffer.buffer(
              io.netty.buffer.Unpooled.wrappedBuffer(bytes, (int) start, (int) length)));
    }
  }

  private void refuse(RoutingContext context) {
    String path = String.valueOf(context.request().path());
    boolean takenDown = path.startsWith("/blobs/") && kind(path) != null && isTakenDown(path);
    RegistryException absent =
        takenDown
            ? new RegistryException(Problem.TAKEN_DOWN, "the file " + path + " was taken down")
            : new RegistryException(Problem.NOT_FOUND, "there is no file " + path);
    byte[] body =
        CanonicalJson.bytes(Answers.problem(absent, settings.origin(), RequestId.of(context)));
    HttpServerResponse response = context.response().setStatusCode(absent.problem().status());
    response.headers().set("Content-Type", Answers.PROBLEM);
    response.headers().set("Cache-Control", "no-cache");
    response.end(io.vertx.core.buffer.Buffer.buffer(body));
  }

  /** What is named by its digest never changes; but a blob may be taken down. */
  private static boolean isFresh(String path, Kind kind, Known file) {
    boolean blob = path.startsWith("/blobs/");
    return (kind.digest() != null && !blob)
        || System.nanoTime() - file.lookedAt() < (blob ? BLOB_NANOS : FRESH_NANOS);
  }

  private boolean isTakenDown(String path) {
    return Files.exists(root.resolve(path.substring(1) + TAKEN_DOWN));
  }
}
