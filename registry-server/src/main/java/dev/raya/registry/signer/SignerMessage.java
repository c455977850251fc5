package dev.raya.registry.signer;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.tuf.role.Role;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What can be asked of the signer and of the witness, as JSON: a role and what it is to say,
 * documents by their digests. There is no message that carries bytes to be signed.
 */
sealed interface SignerMessage {
  /** The snapshot signed last. */
  record LastSnapshot() implements SignerMessage {}

  /** A hash bin. */
  record Bin(String bin, long version, Map<String, Role.TargetFile> targets)
      implements SignerMessage {}

  /** A bin without targets. */
  record EmptyBin(long version) implements SignerMessage {}

  /** The advisories role. */
  record Advisories(long version, Map<String, Role.TargetFile> targets) implements SignerMessage {}

  /** The next snapshot. */
  record Snapshot(Map<String, Long> files) implements SignerMessage {}

  /** The next timestamp. */
  record Timestamp(Digest snapshot) implements SignerMessage {}

  /** The size of the log's tree that was signed or cosigned last. */
  record LastSize() implements SignerMessage {}

  /** A checkpoint. */
  record Checkpoint(TreeHead head, List<Digest> proof) implements SignerMessage {}

  /** A cosignature for the own log. */
  record CosignOwn(AddCheckpoint request) implements SignerMessage {}

  /** A cosignature for another log. */
  record Cosign(AddCheckpoint request) implements SignerMessage {}

  /** The message's bytes. */
  default byte[] bytes() {
    Json.ObjectBuilder out = Json.object();
    switch (this) {
      case LastSnapshot() -> out.put("op", "last-snapshot");
      case Bin(String bin, long version, Map<String, Role.TargetFile> targets) ->
          out.put("op", "bin")
              .put("bin", bin)
              .put("version", version)
              .put("targets", targets(targets));
      case EmptyBin(long version) -> out.put("op", "empty-bin").put("version", version);
      case Advisories(long version, Map<String, Role.TargetFile> targets) ->
          out.put("op", "advisories").put("version", version).put("targets", targets(targets));
      case Snapshot(Map<String, Long> files) -> {
        Json.ObjectBuilder list = Json.object();
        files.forEach(list::put);
        out.put("op", "snapshot").put("files", list.build());
      }
      case Timestamp(Digest snapshot) -> out.put("op", "timestamp").put("snapshot", snapshot.hex());
      case LastSize() -> out.put("op", "last-size");
      case Checkpoint(TreeHead head, List<Digest> proof) ->
          out.put("op", "checkpoint")
              .put("size", head.size())
              .put("root", head.root().hex())
              .put("proof", hashes(proof));
      case CosignOwn(AddCheckpoint request) -> cosign(out, "cosign-own", request);
      case Cosign(AddCheckpoint request) -> cosign(out, "cosign", request);
    }
    return CanonicalJson.bytes(out.build());
  }

  /**
   * Reads a message.
   *
   * @throws JsonException if it is none
   */
  static SignerMessage read(byte[] bytes) throws JsonException {
    JsonFields fields = JsonFields.root(JsonReader.read(bytes));
    return switch (fields.string("op")) {
      case "last-snapshot" -> new LastSnapshot();
      case "bin" -> new Bin(fields.string("bin"), fields.integer("version"), targets(fields));
      case "empty-bin" -> new EmptyBin(fields.integer("version"));
      case "advisories" -> new Advisories(fields.integer("version"), targets(fields));
      case "snapshot" -> {
        JsonFields list = fields.fields("files");
        Map<String, Long> files = new LinkedHashMap<>();
        for (String name : list.names()) {
          files.put(name, list.integer(name));
        }
        yield new Snapshot(files);
      }
      case "timestamp" -> new Timestamp(digest(fields, "snapshot"));
      case "last-size" -> new LastSize();
      case "checkpoint" ->
          new Checkpoint(
              new TreeHead(size(fields), digest(fields, "root")), hashes(fields, "proof"));
      case "cosign-own" -> new CosignOwn(cosign(fields));
      case "cosign" -> new Cosign(cosign(fields));
      default -> throw fields.fault("op", "there is no such request");
    };
  }

  private static void cosign(Json.ObjectBuilder out, String op, AddCheckpoint request) {
    out.put("op", op)
        .put("old", request.oldSize())
        .put("proof", hashes(request.proof()))
        .put("checkpoint", request.checkpoint());
  }

  private static AddCheckpoint cosign(JsonFields fields) throws JsonException {
    return new AddCheckpoint(
        fields.integer("old"), hashes(fields, "proof"), fields.string("checkpoint"));
  }

  private static Json targets(Map<String, Role.TargetFile> targets) {
    Json.ObjectBuilder out = Json.object();
    targets.forEach(
        (path, file) -> {
          Json.ObjectBuilder one = Json.object().put("length", file.length());
          file.hashes().forEach(one::put);
          out.put(path, one.build());
        });
    return out.build();
  }

  private static Map<String, Role.TargetFile> targets(JsonFields fields) throws JsonException {
    JsonFields list = fields.fields("targets");
    Map<String, Role.TargetFile> targets = new LinkedHashMap<>();
    for (String path : list.names()) {
      JsonFields file = list.fields(path);
      targets.put(
          path,
          new Role.TargetFile(
              file.integer("length"), Map.of("sha256", digest(file, "sha256").hex())));
    }
    return targets;
  }

  private static Json hashes(List<Digest> hashes) {
    return Json.strings(hashes.stream().map(Digest::hex).toList());
  }

  private static List<Digest> hashes(JsonFields fields, String name) throws JsonException {
    List<Digest> hashes = new ArrayList<>();
    for (String hex : fields.strings(name)) {
      if (!Digest.isHex(hex)) {
        throw fields.fault(name, "expected SHA-256 hashes");
      }
      hashes.add(new Digest(hex));
    }
    return hashes;
  }

  private static long size(JsonFields fields) throws JsonException {
    long size = fields.integer("size");
    if (size < 0) {
      throw fields.fault("size", "expected a number of leaves");
    }
    return size;
  }

  private static Digest digest(JsonFields fields, String name) throws JsonException {
    String hex = fields.string(name);
    if (!Digest.isHex(hex)) {
      throw fields.fault(name, "expected a SHA-256");
    }
    return new Digest(hex);
  }
}
