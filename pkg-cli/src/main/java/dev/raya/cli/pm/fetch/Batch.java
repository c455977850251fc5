package dev.raya.cli.pm.fetch;

import dev.raya.cache.archive.ZstdCoding;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.trust.Evidence;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.log.LogRecordReader;
import dev.raya.signing.sigstore.PublishBundle;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads index documents, and leaves with their proofs and attestations, by {@code POST
 * /index/batch} (registry.md 1.5). Frames are untrusted: metadata is verified as if it had come
 * from its path, a document counts only under the digest that its path carries and metadata names,
 * a leaf is what the caller compares, and an attestation counts only under its digest.
 */
public final class Batch {
  /** Most bytes of an answer as it is transferred. */
  static final int MAX_CODED_BYTES = 64 << 20;

  private static final int MAX_BYTES = 256 << 20;
  private static final int MAX_HEAD = 1024;
  private static final String INDEX = "index/";
  private static final int HEX_DIGITS = 64;
  private static final int MAX_LEAVES_AT_ONCE = 500;

  private final Registry registry;
  private final RegistryMetadata metadata;
  private final Map<Long, byte[]> proofs = new LinkedHashMap<>();
  private final Map<Long, byte[]> leaves = new LinkedHashMap<>();
  private final Map<Digest, byte[]> blobs = new LinkedHashMap<>();
  private final Map<String, Part> documents = new LinkedHashMap<>();

  /**
   * What a batch brought of an index document.
   *
   * @param digest of the whole document
   * @param offset where the bytes belong
   * @param bytes from the offset to the end; not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Part(Digest digest, int offset, byte[] bytes) {
    /** The document made of what is held and what came, or null if the two do not fit. */
    byte @Nullable [] whole(byte[] held) {
      if (offset > held.length) {
        return null;
      }
      byte[] whole = bytes;
      if (offset > 0) {
        whole = Arrays.copyOf(held, offset + bytes.length);
        System.arraycopy(bytes, 0, whole, offset, bytes.length);
      }
      return Digest.of(whole).equals(digest) ? whole : null;
    }
  }

  private Batch(Registry registry, RegistryMetadata metadata) {
    this.registry = registry;
    this.metadata = metadata;
  }

  /**
   * The evidence of many versions.
   *
   * @param labels indexes of their records, each with what its version is called in messages
   * @return evidence by index; one that the registry does not have is missing
   * @throws CommandException if the registry cannot be asked, or answers with something else
   * @throws InterruptedException if the thread was interrupted
   */
  public static Map<Long, Evidence> evidence(
      Registry registry, RegistryMetadata metadata, Map<Long, String> labels)
      throws CommandException, InterruptedException {
    Map<Long, Evidence> all = new LinkedHashMap<>();
    List<Long> logs = List.copyOf(labels.keySet());
    for (int from = 0; from < logs.size(); from += MAX_LEAVES_AT_ONCE) {
      List<Long> some = logs.subList(from, Math.min(logs.size(), from + MAX_LEAVES_AT_ONCE));
      Batch batch = new Batch(registry, metadata);
      batch.read(some);
      for (Long log : some) {
        byte[] leaf = batch.leaves.get(log);
        if (leaf != null) {
          String label = Objects.requireNonNull(labels.get(log));
          all.put(log, batch.evidence(label, leaf, batch.proofs.get(log)));
        }
      }
    }
    return all;
  }

  /**
   * The index documents of packages and, as the registry guesses, of what they depend on.
   *
   * @param held by name, how many bytes of its document are held
   * @return what came, by the path that the package's document has below the index; the registry
   *     leaves out what it does not have and what would make the answer too large
   * @throws CommandException if the registry cannot be asked, or answers with something else
   * @throws InterruptedException if the thread was interrupted
   */
  static Map<String, Part> documents(
      Registry registry, RegistryMetadata metadata, Map<PackageName, Integer> held)
      throws CommandException, InterruptedException {
    List<Json> names = new ArrayList<>();
    held.forEach(
        (name, length) ->
            names.add(
                Json.array(
                    List.of(Json.of(name.text()), Json.of(0L), Json.of(length.longValue())))));
    Batch batch = new Batch(registry, metadata);
    batch.ask(batch.request().put("names", Json.array(names)).put("closure", true).build());
    return batch.documents;
  }

  private void read(List<Long> logs) throws CommandException, InterruptedException {
    List<Json> numbers = new ArrayList<>();
    for (Long log : logs) {
      numbers.add(Json.of(log.longValue()));
    }
    ask(request().put("leaves", Json.array(numbers)).build());
  }

  /** Metadata comes along unless this command has read it. */
  private Json.ObjectBuilder request() {
    Json have = metadata.have();
    return have == null ? Json.object() : Json.object().put("have", have);
  }

  private void ask(Json request) throws CommandException, InterruptedException {
    Answer answer = registry.batch(CanonicalJson.bytes(request));
    byte[] body = answer.body();
    if ("zstd".equals(answer.header("Content-Encoding"))) {
      try {
        body = ZstdCoding.decompress(body, MAX_BYTES);
      } catch (IOException malformed) {
        throw Failures.notARegistry(answer.uri(), String.valueOf(malformed.getMessage()));
      }
    }
    frames(answer.uri(), body);
  }

  private void frames(URI uri, byte[] body) throws CommandException {
    int at = 0;
    int frames = 0;
    try {
      while (at < body.length) {
        int line = lineEnd(body, at);
        if (line < 0) {
          throw Failures.notARegistry(uri, "a frame's head is longer than 1 KiB or cut off");
        }
        JsonFields head = JsonFields.root(JsonReader.read(Arrays.copyOfRange(body, at, line)));
        at = line + 1;
        if (head.bool("end", false)) {
          if (at != body.length || head.integer("frames") != frames) {
            throw Failures.notARegistry(uri, "the end of the batch is in the wrong place");
          }
          return;
        }
        frames++;
        if (head.has("status")) {
          continue;
        }
        int length = head.integer("length", 0, body.length - at);
        frame(uri, head, Arrays.copyOfRange(body, at, at + length));
        at += length;
      }
    } catch (JsonException malformed) {
      throw Failures.notARegistry(uri, String.valueOf(malformed.getMessage()));
    }
    throw Failures.notARegistry(uri, "the batch is cut off");
  }

  private static int lineEnd(byte[] body, int from) {
    for (int i = from; i < body.length && i - from <= MAX_HEAD; i++) {
      if (body[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void frame(URI uri, JsonFields head, byte[] bytes)
      throws JsonException, CommandException {
    if (head.has("leaf")) {
      int end = 0;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      leaves.put(head.integer("leaf"), Arrays.copyOf(bytes, end));
      if (end + 1 < bytes.length) {
        proofs.put(head.integer("leaf"), Arrays.copyOfRange(bytes, end + 1, bytes.length));
      }
    } else if (head.has("path")) {
      String path = head.string("path");
      if (path.contains("blobs/sha256/")) {
        blobs.put(Digest.of(bytes), bytes);
      } else if ((path.startsWith("tuf/")
              || path.startsWith("trust/")
              || path.startsWith("advisories/"))
          && head.integer("offset", 0, Registry.MAX_INDEX_BYTES) == 0) {
        if (head.has("base")) {
          metadata.bringSplice(path, head.string("base"), bytes);
        } else {
          metadata.bring(path, bytes);
        }
      } else if (path.startsWith(INDEX)) {
        document(uri, path, head.integer("offset", 0, Registry.MAX_INDEX_BYTES), bytes);
      }
    }
  }

  /** {@code index/p1/p2/SHA256.file}; other forms carry no digest and are of no use here. */
  private void document(URI uri, String path, int offset, byte[] bytes) throws CommandException {
    int file = path.lastIndexOf('/') + 1;
    int dot = file + HEX_DIGITS;
    if (path.length() <= dot
        || path.charAt(dot) != '.'
        || !Digest.isHex(path.substring(file, dot))) {
      return;
    }
    if (offset + (long) bytes.length > Registry.MAX_INDEX_BYTES) {
      throw Failures.notARegistry(uri, "an index document is larger than it can be");
    }
    documents.put(
        path.substring(INDEX.length(), file) + path.substring(dot + 1),
        new Part(new Digest(path.substring(file, dot)), offset, bytes));
  }

  private byte[] attestation(String label, Digest digest)
      throws CommandException, InterruptedException {
    try {
      return registry.smallBlob(digest, PublishBundle.MAX_BYTES);
    } catch (CommandException failed) {
      List<Finding> findings = new ArrayList<>(failed.findings());
      findings.set(0, findings.getFirst().about(label + ": its attestation cannot be had"));
      throw new CommandException(findings);
    }
  }

  /** The attestations in the record's order; those that did not come along are fetched singly. */
  private Evidence evidence(String label, byte[] leaf, byte @Nullable [] proof)
      throws CommandException, InterruptedException {
    List<byte[]> attestations = new ArrayList<>();
    try {
      if (LogRecordReader.read(leaf) instanceof LogRecord.Publish publish) {
        for (LogRecord.Attestation attestation : publish.attestations()) {
          byte[] bytes = blobs.get(attestation.digest());
          attestations.add(bytes != null ? bytes : attestation(label, attestation.digest()));
        }
      }
    } catch (JsonException malformed) {
      // The policy reads the leaf again and says what is wrong with it.
      return new Evidence(leaf, null, List.of());
    }
    return new Evidence(
        leaf, proof == null ? null : new String(proof, StandardCharsets.UTF_8), attestations);
  }
}
