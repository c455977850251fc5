package dev.raya.signing.witness;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.SignedNote;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What a witness is asked: to cosign a checkpoint, with the proof from the one it knows (C2SP
 * tlog-witness, "add-checkpoint").
 *
 * @param oldSize of the tree that the witness cosigned last; 0 for none
 * @param proof that the new tree begins with it
 * @param checkpoint the signed note, verbatim
 */
public record AddCheckpoint(long oldSize, List<Digest> proof, String checkpoint) {
  /** Largest request that is read, in bytes. */
  public static final int MAX_BYTES = SignedNote.MAX_BYTES + (8 << 10);

  private static final int MAX_PROOF = 63;
  private static final String OLD = "old ";

  /** Copies the list in. */
  public AddCheckpoint {
    proof = List.copyOf(proof);
  }

  /**
   * Reads a request.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if it is malformed
   */
  public static AddCheckpoint parse(byte[] body) throws SigningException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException malformed) {
      throw refused("it is not UTF-8");
    }
    int blank = text.indexOf("\n\n");
    if (body.length > MAX_BYTES || blank < 0 || !text.startsWith(OLD)) {
      throw refused("expected old SIZE, a proof, an empty line and a checkpoint");
    }
    List<String> lines = List.of(text.substring(0, blank).split("\n", -1));
    String size = lines.getFirst().substring(OLD.length());
    long oldSize = size.matches("0|[1-9][0-9]{0,17}") ? Long.parseLong(size) : -1;
    if (oldSize > Json.Int.MAX) {
      throw refused("a tree has at most " + Json.Int.MAX + " leaves");
    }
    if (oldSize < 0 || lines.size() - 1 > MAX_PROOF) {
      throw refused("malformed size or proof");
    }
    List<Digest> proof = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      proof.add(Checkpoint.hash(line));
    }
    return new AddCheckpoint(oldSize, proof, text.substring(blank + 2));
  }

  /** The request's body. */
  public byte[] bytes() {
    StringBuilder out = new StringBuilder(OLD).append(oldSize).append('\n');
    for (Digest hash : proof) {
      out.append(Base64.getEncoder().encodeToString(hash.bytes())).append('\n');
    }
    return out.append('\n').append(checkpoint).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static SigningException refused(String why) {
    return new SigningException(Code.NOT_IN_LOG, "add-checkpoint: " + why);
  }
}
