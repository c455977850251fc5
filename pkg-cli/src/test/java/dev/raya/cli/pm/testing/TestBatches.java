package dev.raya.cli.pm.testing;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cache.splice.Splice;
import dev.raya.resolver.index.IndexDocumentReader;
import dev.raya.resolver.index.IndexException;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a test's registry answers to batches, and how a test changes these answers alone. */
public final class TestBatches {
  private final Served served;
  private volatile UnaryOperator<byte[]> lie = document -> document;
  private volatile UnaryOperator<byte[]> splice = bytes -> bytes;
  private final Map<String, byte[]> snapshots = new LinkedHashMap<>();
  private final Set<String> leftOut = ConcurrentHashMap.newKeySet();

  TestBatches(Served served) {
    this.served = served;
  }

  /** What the registry has. */
  interface Served {
    /** A file as it was published. */
    byte @Nullable [] own(String path);

    /** A file as it is served. */
    byte @Nullable [] shown(String path);

    /** The paths of TUF, log and index documents by their digests. */
    List<String> signedPaths();

    /** The log's records. */
    List<byte[]> records();

    /** The proof of a record, as it is shown. */
    String proof(long log);
  }

  /** Batches bring documents changed like this under the digests of the true ones. */
  public void lie(UnaryOperator<byte[]> change) {
    lie = change;
  }

  /** Batches bring splices of snapshots changed like this. */
  public void changeSplices(UnaryOperator<byte[]> change) {
    splice = change;
  }

  /** Batches never bring the document of this package. */
  public void leaveOut(String name) {
    leftOut.add(name);
  }

  /** The answer to a batch's request. */
  byte[] answer(byte[] request) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int frames = 0;
    try {
      frames += metadata(JsonFields.root(JsonReader.read(request)), out);
      frames += documents(JsonFields.root(JsonReader.read(request)), out);
      for (Json item : JsonFields.root(JsonReader.read(request)).items("leaves")) {
        long log = ((Json.Int) item).value();
        if (log >= served.records().size()) {
          out.writeBytes(line(Json.object().put("leaf", log).put("status", 404)));
          frames++;
          continue;
        }
        byte[] leaf = served.records().get((int) log);
        byte[] proof = served.proof(log).getBytes(StandardCharsets.UTF_8);
        out.writeBytes(
            line(Json.object().put("leaf", log).put("length", leaf.length + 1 + proof.length)));
        out.writeBytes(leaf);
        out.write('\n');
        out.writeBytes(proof);
        frames++;
        for (byte[] attestation : attestations(leaf)) {
          out.writeBytes(
              line(
                  Json.object()
                      .put("path", TestRegistry.blobPath(Digest.of(attestation)).substring(1))
                      .put("length", attestation.length)
                      .put("offset", 0)));
          out.writeBytes(attestation);
          frames++;
        }
      }
    } catch (JsonException malformed) {
      throw new IllegalStateException(malformed);
    }
    out.writeBytes(line(Json.object().put("end", true).put("frames", frames)));
    return out.toByteArray();
  }

  /** All of the metadata but roots that are held, if any of it is wanted. */
  private int metadata(JsonFields request, ByteArrayOutputStream out) throws JsonException {
    if (!request.has("have")) {
      return 0;
    }
    int frames = 0;
    for (String path : served.signedPaths()) {
      if ((path.startsWith("/tuf/") && !path.endsWith(".root.json"))
          || path.startsWith("/trust/")) {
        byte[] content = Objects.requireNonNull(served.shown(path), path);
        if (path.endsWith(".snapshot.json")) {
          String held = request.fields("have").optionalString("snapshot");
          byte[] base = held == null ? null : snapshots.get(held);
          snapshots.put(Digest.of(content).hex(), content);
          if (base != null && held != null) {
            byte[] spliced = splice.apply(Splice.encode(base, content));
            out.writeBytes(
                line(
                    Json.object()
                        .put("path", path.substring(1))
                        .put("offset", 0)
                        .put("base", held)
                        .put("length", spliced.length)));
            out.writeBytes(spliced);
            frames++;
            continue;
          }
        }
        out.writeBytes(
            line(
                Json.object()
                    .put("path", path.substring(1))
                    .put("offset", 0)
                    .put("length", content.length)));
        out.writeBytes(content);
        frames++;
      }
    }
    return frames;
  }

  /** The documents of the names asked for and, where the closure is, of all their dependencies. */
  private int documents(JsonFields request, ByteArrayOutputStream out) throws JsonException {
    Map<String, Long> wanted = new LinkedHashMap<>();
    Deque<String> open = new ArrayDeque<>();
    for (Json item : request.items("names")) {
      List<Json> parts = ((Json.Array) item).items();
      String name = ((Json.Str) parts.get(0)).value();
      wanted.put(name, ((Json.Int) parts.get(2)).value());
      open.add(name);
    }
    int frames = 0;
    while (!open.isEmpty()) {
      String name = open.remove();
      String path = TestRegistry.indexPath(name);
      if (leftOut.contains(name)) {
        continue;
      }
      byte[] document = served.shown(path);
      if (document == null) {
        out.writeBytes(line(Json.object().put("name", name).put("status", 404)));
        frames++;
        continue;
      }
      int offset = (int) Math.min(document.length, wanted.getOrDefault(name, 0L));
      byte[] shown = lie.apply(document);
      int slash = path.lastIndexOf('/') + 1;
      out.writeBytes(
          line(
              Json.object()
                  .put(
                      "path",
                      path.substring(1, slash)
                          + Digest.of(document).hex()
                          + "."
                          + path.substring(slash))
                  .put("offset", offset)
                  .put("length", shown.length - offset)));
      out.write(shown, offset, shown.length - offset);
      frames++;
      if (request.bool("closure", false)) {
        for (String dependency :
            dependencies(name, Objects.requireNonNull(served.own(path), path))) {
          if (!wanted.containsKey(dependency)) {
            wanted.put(dependency, 0L);
            open.add(dependency);
          }
        }
      }
    }
    return frames;
  }

  private static Set<String> dependencies(String name, byte[] document) {
    Set<String> names = new LinkedHashSet<>();
    try {
      IndexDocumentReader.read(TestPackage.of(name, "1.0.0").packageName(), document)
          .versions()
          .forEach(line -> line.dependencies().forEach(each -> names.add(each.name().text())));
    } catch (IndexException malformed) {
      throw new IllegalStateException(malformed);
    }
    return names;
  }

  private List<byte[]> attestations(byte[] leaf) throws JsonException {
    List<byte[]> found = new ArrayList<>();
    if (LogRecordReader.read(leaf) instanceof LogRecord.Publish publish) {
      for (LogRecord.Attestation attestation : publish.attestations()) {
        String path = TestRegistry.blobPath(attestation.digest());
        byte[] bytes = served.shown(path);
        if (bytes != null) {
          found.add(bytes);
        }
      }
    }
    return found;
  }

  private static byte[] line(Json.ObjectBuilder head) {
    return (CanonicalJson.text(head.build()) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
