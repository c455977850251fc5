package dev.raya.registry.batch;

import dev.raya.cache.archive.ZstdCoding;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.QueryParameters;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.registry.log.TransparencyLog;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.trust.ServedMetadata;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.VersionRange;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.LogProof;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
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
  private final ServedMetadata metadata;
  private final TransparencyLog log;
  private final StaticTree tree;

  @Inject
  BatchResource(BatchMemory memory, ServedMetadata metadata, TransparencyLog log, StaticTree tree) {
    this.memory = memory;
    this.metadata = metadata;
    this.log = log;
    this.tree = tree;
  }

  /**
   * A name with the version of its bin and what the client holds of its document, and what is
   * probably asked of it.
   */
  private record Wanted(PackageName name, long bin, long held, VersionRange range) {}

  /** What is asked for. */
  private record Request(
      TufFrames.@Nullable Have have,
      List<Wanted> names,
      boolean closure,
      List<Long> leaves,
      List<Digest> blobs) {}

  /** A name and its document, or null if there is none. */
  private record Found(Wanted wanted, BatchMemory.@Nullable Document document) {}

  /** Answers. */
  @POST
  public Response batch(
      @HeaderParam("Accept-Encoding") @Nullable String acceptEncoding,
      RoutingContext context,
      InputStream body)
      throws RegistryException, IOException, SQLException, SigningException {
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
      JsonFields have = root.optionalFields("have");
      return new Request(
          have == null ? null : TufFrames.Have.read(have),
          BatchRequest.names(root).entrySet().stream()
              .map(
                  entry ->
                      new Wanted(
                          entry.getKey(),
                          entry.getValue().bin(),
                          entry.getValue().bytes(),
                          VersionRange.ANY))
              .toList(),
          root.bool("closure", false),
          BatchRequest.leaves(root),
          BatchRequest.blobs(root));
    } catch (JsonException e) {
      throw new RegistryException(Problem.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  /** Metadata, then the documents that it names, under the paths that carry their digests. */
  private void documents(Request request, BatchFrames frames) throws IOException {
    // The metadata first: documents that are newer than it are sent as it names them.
    ServedMetadata.State state = request.have() == null ? null : metadata.current().orElse(null);
    List<Found> found = find(request);
    TufFrames.Have have = request.have();
    if (state != null && have != null) {
      Map<PackageName, Long> bins = new LinkedHashMap<>();
      found.forEach(each -> bins.put(each.wanted().name(), each.wanted().bin()));
      new TufFrames(tree, metadata).write(state, have, bins, frames);
    }
    for (Found each : found) {
      document(each, state, frames);
    }
  }

  private void document(Found found, ServedMetadata.@Nullable State state, BatchFrames frames)
      throws IOException {
    PackageName name = found.wanted().name();
    BatchMemory.Document document = found.document();
    if (document == null) {
      frames.absent(name.text());
      return;
    }
    Digest digest = document.digest();
    byte[] bytes = document.bytes();
    if (state != null) {
      Digest named = metadata.named(state, "index/" + name.indexPath()).orElse(digest);
      if (!named.equals(digest)) {
        Optional<byte[]> older = tree.read(path(name, named));
        digest = older.isPresent() ? named : digest;
        bytes = older.orElse(bytes);
      }
    }
    long held = found.wanted().held() <= bytes.length ? found.wanted().held() : 0;
    frames.file(path(name, digest), bytes, (int) held);
  }

  /** The documents asked for, then, breadth first, those their dependencies name. */
  private List<Found> find(Request request) throws IOException {
    List<Found> found = new ArrayList<>();
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
      found.add(new Found(wanted, document));
      if (document == null || !request.closure()) {
        continue;
      }
      for (Map.Entry<PackageName, VersionRange> next :
          BatchRequest.dependencies(document.parsed(), wanted.range()).entrySet()) {
        if (guessed < MAX_CLOSURE && seen.add(next.getKey())) {
          guessed++;
          queue.add(new Wanted(next.getKey(), 0, 0, next.getValue()));
        }
      }
    }
    return found;
  }

  private static String path(PackageName name, Digest digest) {
    String copy = name.indexPath();
    int file = copy.lastIndexOf('/') + 1;
    return "index/" + copy.substring(0, file) + digest.hex() + '.' + copy.substring(file);
  }

  private void leaves(List<Long> leaves, BatchFrames frames)
      throws SQLException, SigningException, IOException {
    if (leaves.isEmpty()) {
      return;
    }
    Map<Long, byte[]> records = memory.records(leaves);
    Set<Digest> sent = new HashSet<>();
    for (Long leaf : leaves) {
      byte[] record = records.get(leaf);
      Optional<LogProof> proof = record == null ? Optional.empty() : log.prove(leaf);
      if (record == null || proof.isEmpty()) {
        frames.absentLeaf(leaf);
        continue;
      }
      frames.leaf(leaf, record, proof.get().text());
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
