package dev.raya.registry.packages;

import dev.raya.cache.archive.ZstdCoding;
import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.QueryParameters;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.http.RequestBodies;
import dev.raya.registry.storage.StaticTree;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.VersionRange;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import io.agroal.api.AgroalDataSource;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
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

  private final StaticTree tree;
  private final DirectoryBlobStore blobs;
  private final AgroalDataSource database;

  @Inject
  BatchResource(StaticTree tree, DirectoryBlobStore blobs, AgroalDataSource database) {
    this.tree = tree;
    this.blobs = blobs;
    this.database = database;
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

  /** The documents asked for, then, breadth first, those their dependencies name. */
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
      String path = "index/" + wanted.name().indexPath();
      Optional<byte[]> document = tree.read(path);
      if (document.isEmpty()) {
        frames.absent(wanted.name().text());
        continue;
      }
      byte[] bytes = document.get();
      long held = wanted.held() <= bytes.length ? wanted.held() : 0;
      frames.file(path, bytes, (int) held);
      if (request.closure()) {
        for (Map.Entry<PackageName, VersionRange> next :
            BatchRequest.dependencies(wanted.name(), bytes, wanted.range()).entrySet()) {
          if (guessed < MAX_CLOSURE && seen.add(next.getKey())) {
            guessed++;
            queue.add(new Wanted(next.getKey(), 0, next.getValue()));
          }
        }
      }
    }
  }

  private void leaves(List<Long> leaves, BatchFrames frames) throws SQLException, IOException {
    if (leaves.isEmpty()) {
      return;
    }
    Set<Digest> sent = new HashSet<>();
    try (Connection connection = database.getConnection();
        PreparedStatement select =
            connection.prepareStatement("select record from log_leaf where seq = ?")) {
      for (Long leaf : leaves) {
        select.setLong(1, leaf);
        try (ResultSet row = select.executeQuery()) {
          if (!row.next()) {
            frames.absentLeaf(leaf);
            continue;
          }
          byte[] record = row.getBytes(1);
          frames.leaf(leaf, record);
          for (Digest attestation : attestations(record)) {
            if (sent.add(attestation)) {
              blob(attestation, frames);
            }
          }
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
    boolean small =
        blobs.find(digest).filter(found -> found.size() <= BatchRequest.MAX_BLOB).isPresent();
    if (!small) {
      frames.absentFile(path);
      return;
    }
    try (InputStream in = blobs.open(digest)) {
      frames.file(path, in.readAllBytes(), 0);
    }
  }
}
