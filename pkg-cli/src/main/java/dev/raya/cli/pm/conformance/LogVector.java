package dev.raya.cli.pm.conformance;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.LogProof;
import dev.raya.signing.log.MerkleProofs;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Hands a line of log vectors to the class that checks its kind. */
final class LogVector {
  private LogVector() {}

  static boolean accepts(String line) {
    try {
      return accepts(JsonFields.root(JsonReader.read(line)));
    } catch (JsonException | SigningException refused) {
      return false;
    }
  }

  private static boolean accepts(JsonFields vector) throws JsonException, SigningException {
    return switch (vector.string("kind")) {
      case "inclusion" ->
          MerkleProofs.includes(
              vector.integer("index"),
              vector.integer("size"),
              hash(vector, "leafHash"),
              hashes(vector),
              hash(vector, "root"));
      case "consistency" ->
          MerkleProofs.consistent(
              vector.integer("size1"),
              vector.integer("size2"),
              hash(vector, "root1"),
              hash(vector, "root2"),
              hashes(vector));
      case "note" -> !SignedNote.parse(note(vector)).requireSigner(keys(vector)).isEmpty();
      case "checkpoint" -> Checkpoint.verified(note(vector), keys(vector)).size() >= 0;
      case "tlog-proof" ->
          LogProof.parse(vector.string("proof"))
                  .verify(hash(vector, "leafHash"), LogPolicy.parse(vector.string("policy")))
                  .size()
              > 0;
      default -> false;
    };
  }

  private static Digest hash(JsonFields vector, String name)
      throws JsonException, SigningException {
    return Checkpoint.hash(vector.string(name));
  }

  private static List<Digest> hashes(JsonFields vector) throws JsonException, SigningException {
    List<Digest> hashes = new ArrayList<>();
    for (String text : vector.strings("proof")) {
      hashes.add(Checkpoint.hash(text));
    }
    return hashes;
  }

  private static List<NoteKey> keys(JsonFields vector) throws JsonException, SigningException {
    List<NoteKey> keys = new ArrayList<>();
    for (String text : vector.strings("vkeys")) {
      keys.add(NoteKey.parse(text));
    }
    return keys;
  }

  private static byte[] note(JsonFields vector) throws JsonException {
    return vector.string("note").getBytes(StandardCharsets.UTF_8);
  }
}
