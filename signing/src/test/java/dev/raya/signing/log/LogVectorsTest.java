package dev.raya.signing.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proofs, notes, checkpoints and policies against published and own vectors. */
final class LogVectorsTest {
  @ParameterizedTest
  @ValueSource(strings = {"/tlog/vectors.jsonl", "/tlog/merkle-public.jsonl"})
  void everyVectorHasItsVerdict(String file) throws IOException {
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    try (InputStream in = Objects.requireNonNull(LogVectorsTest.class.getResourceAsStream(file));
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        seen++;
        String expected = line.contains("\"expect\": \"accept\"") ? "accept" : "reject";
        if (!verdict(line).equals(expected)) {
          wrong.add(line.substring(0, Math.min(120, line.length())));
        }
      }
    }
    assertThat(seen).isGreaterThan(90);
    assertThat(wrong).isEmpty();
  }

  private static String verdict(String line) {
    try {
      JsonFields vector = JsonFields.root(JsonReader.read(line));
      return accepts(vector) ? "accept" : "reject";
    } catch (JsonException | SigningException refused) {
      return "reject";
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
      case "note" -> !SignedNote.parse(utf8(vector, "note")).requireSigner(keys(vector)).isEmpty();
      case "checkpoint" -> Checkpoint.verified(utf8(vector, "note"), keys(vector)).size() >= 0;
      case "tlog-proof" ->
          LogProof.parse(vector.string("proof"))
                  .verify(hash(vector, "leafHash"), LogPolicy.parse(vector.string("policy")))
                  .size()
              > 0;
      default -> throw new AssertionError(vector.string("kind"));
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

  private static byte[] utf8(JsonFields vector, String name) throws JsonException {
    return vector.string(name).getBytes(StandardCharsets.UTF_8);
  }
}
