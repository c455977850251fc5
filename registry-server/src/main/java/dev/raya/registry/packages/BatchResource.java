package dev.raya.registry.packages;

import dev.raya.cache.archive.ZstdCoding;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.QueryParameters;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.VersionRange;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /index/batch} (spec: registry.md 1.5): index documents, log records with their
 * attestations, and small blobs in one answer. What it sends is what the single paths would send.
 */
@Path("/index/batch")
@RunOnVirtualThread
public final class BatchResource {
  private static final int MAX_REQUEST = 1 << 20;
  private static final int MAX_CLOSURE = 2_000;
  private static final int MAX_ITEMS = 10_000;

  /** Most bytes of an answer before coding; what does not fit is fetched singly. */
  private static final int MAX_ANSWER = 64 << 20;

  private static final Set<String> MEMBERS = Set.of("have", "names", "closure", "leaves", "blobs");

  private final BatchMemory memory;

  @Inject
  BatchResource(BatchMemory memory) {
    this.memory = memory;
  }

  /** A name with what the client holds of its document, and what is probably asked of it. */
  private record Wanted(PackageName name, long held, VersionRange range) {}

  /** What is asked for. */
  private record Request(
      List<Wanted> names, boolean closure, List<Long> leaves, List<Digest> blobs) {}

  /** Answers. */
  @POST
  public Response batch(
      @HeaderParam("Accept-Encoding") @Nullable String acceptEncoding,
      RoutingContext context,
      InputStream body)
      throws RegistryException, IOException, SQLException {
    QueryParameters.of(context, Set.of());
    Request request = read(RequestBodies.whole(body, MAX_REQUEST));
    BatchFrames frames = new BatchFrames(MAX_ANSWER);
    documents(request, frames);
    leaves(request.leaves(), frames);
    for (Digest digest : request.blobs()) {
      blob(digest, frames);
    }
    byte[] answer = frames.finish();
    Response.ResponseBuilder response =
        Response.ok()
            .type("application/vnd.raya.batch")
            .header("Cache-Control", "no-store")
            .header("Vary", "Accept-Encoding");
    boolean zstd =
        acceptEncoding != null && acceptEncoding.toLowerCase(Locale.ROOT).contains("zstd");
    return zstd
        ? response.header("Content-Encoding", "zstd").entity(ZstdCoding.compress(answer)).build()
        : response.entity(answer).build();
  }

  private static Request read(byte[] body) throws RegistryException {
    try {
      JsonFields root = JsonFields.root(JsonReader.read(body));
      root.only(MEMBERS);
      int items =
          root.items("names").size() + root.items("leaves").size() + root.items("blobs").size();
      if (items > MAX_ITEMS) {
        throw new RegistryException(
            Problem.TOO_LARGE, "expected at most " + MAX_ITEMS + " items, found " + items);
      }
      return new Request(
          BatchRequest.names(root).entrySet().stream()
              .map(entry -> new Wanted(entry.getKey(), entry.getValue(), VersionRange.ANY))
              .toList(),
          root.bool("closure", false),
          BatchRequest.leaves(root),
          BatchRequest.blobs(root));
    } catch (JsonException e) {
      throw new RegistryException(Problem.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The documents asked for, then, breadth first, those their dependencies name; under the path
   * that carries their digest, so that a client can check what it holds together with what comes.
   */
  private void documents(Request request, BatchFrames frames) throws IOException {
    Set<PackageName> seen = new HashSet<>();
    Deque<Wanted> queue = new ArrayDeque<>();
    for (Wanted wanted : request.names()) {
      if (seen.add(wanted.name())) {
        queue.add(wanted);
      }
    }
    int guessed = 0;
    while (!queue.isEmpty()) {
      Wanted wanted = queue.remove();
      BatchMemory.Document document = memory.document(wanted.name());
      if (document == null) {
        frames.absent(wanted.name().text());
        continue;
      }
      byte[] bytes = document.bytes();
      long held = wanted.held() <= bytes.length ? wanted.held() : 0;
      frames.file(path(wanted.name(), document.digest()), bytes, (int) held);
      if (request.closure()) {
        for (Map.Entry<PackageName, VersionRange> next :
            BatchRequest.dependencies(document.parsed(), wanted.range()).entrySet()) {
          if (guessed < MAX_CLOSURE && seen.add(next.getKey())) {
            guessed++;
            queue.add(new Wanted(next.getKey(), 0, next.getValue()));
          }
        }
      }
    }
  }

  private static String path(PackageName name, Digest digest) {
    String copy = name.indexPath();
    int file = copy.lastIndexOf('/') + 1;
    return "index/" + copy.substring(0, file) + digest.hex() + '.' + copy.substring(file);
  }

  private void leaves(List<Long> leaves, BatchFrames frames) throws SQLException, IOException {
    if (leaves.isEmpty()) {
      return;
    }
    Map<Long, byte[]> records = memory.records(leaves);
    Set<Digest> sent = new HashSet<>();
    for (Long leaf : leaves) {
      byte[] record = records.get(leaf);
      if (record == null) {
        frames.absentLeaf(leaf);
        continue;
      }
      frames.leaf(leaf, record);
      for (Digest attestation : attestations(record)) {
        if (sent.add(attestation)) {
          blob(attestation, frames);
        }
      }
    }
  }

  private static List<Digest> attestations(byte[] record) {
    try {
      List<Digest> digests = new ArrayList<>();
      if (LogRecordReader.read(record) instanceof LogRecord.Publish publish) {
        for (LogRecord.Attestation attestation : publish.attestations()) {
          digests.add(attestation.digest());
        }
      }
      return digests;
    } catch (JsonException e) {
      throw new IllegalStateException("the log holds a record that we did not write", e);
    }
  }

  /** Small blobs only: what is larger is fetched singly. */
  private void blob(Digest digest, BatchFrames frames) throws IOException {
    String path = "blobs/sha256/" + digest.hex().substring(0, 2) + '/' + digest.hex();
    byte[] blob = memory.blob(digest);
    if (blob == null) {
      frames.absentFile(path);
    } else {
      frames.file(path, blob, 0);
    }
  }
}
