package dev.raya.signing.log;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * That an entry is in a log, to be checked without asking anybody (C2SP tlog-proof v1). Reading it
 * verifies nothing.
 *
 * @param index of the entry
 * @param path hashes from the leaf's sibling up
 * @param checkpoint the signed note, verbatim
 */
public record LogProof(long index, List<Digest> path, String checkpoint) {
  /** Largest proof that is read. */
  public static final int MAX_BYTES = SignedNote.MAX_BYTES + (16 << 10);

  /** A tree of 2^63 leaves has no longer path. */
  private static final int MAX_PATH = 63;

  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";

  /** Copies the list in. */
  public LogProof {
    path = List.copyOf(path);
  }

  /**
   * Reads a proof.
   *
   * @throws SigningException with {@link Code#NOT_IN_LOG} if it is none
   */
  public static LogProof parse(String text) throws SigningException {
    if (text.length() > MAX_BYTES) {
      throw refused("expected at most " + MAX_BYTES + " characters");
    }
    int blank = text.indexOf("\n\n");
    if (blank < 0) {
      throw refused("there is no empty line before the checkpoint");
    }
    List<String> lines = List.of(text.substring(0, blank).split("\n", -1));
    int at = 0;
    if (!lines.get(at++).equals(HEADER)) {
      throw refused("expected " + HEADER);
    }
    if (at < lines.size() && lines.get(at).startsWith(EXTRA)) {
      if (NoteKey.base64(lines.get(at).substring(EXTRA.length())) == null) {
        throw refused("malformed extra data");
      }
      at++;
    }
    if (at >= lines.size() || !lines.get(at).startsWith(INDEX)) {
      throw refused("there is no index");
    }
    long index = Checkpoint.decimal(lines.get(at++).substring(INDEX.length()));
    if (index < 0 || lines.size() - at > MAX_PATH) {
      throw refused("malformed index or path");
    }
    List<Digest> path = new ArrayList<>();
    for (String line : lines.subList(at, lines.size())) {
      path.add(Checkpoint.hash(line));
    }
    return new LogProof(index, path, text.substring(blank + 2));
  }

  /**
   * Checks that a leaf is in a log that the policy believes.
   *
   * @param leaf the leaf's hash
   * @return the checkpoint that covers it
   * @throws SigningException with {@link Code#NOT_IN_LOG} or {@link Code#WITNESS_QUORUM} if that is
   *     not shown
   */
  public Checkpoint verify(Digest leaf, LogPolicy policy) throws SigningException {
    Checkpoint signed = policy.verify(checkpoint.getBytes(StandardCharsets.UTF_8));
    if (!MerkleProofs.includes(index, signed.size(), leaf, path, signed.root())) {
      throw refused(
          "entry "
              + index
              + " with the hash "
              + leaf
              + " does not lead to the root of the checkpoint of size "
              + signed.size());
    }
    return signed;
  }

  /** The proof as a text. */
  public String text() {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    text.append(INDEX).append(index).append('\n');
    for (Digest hash : path) {
      text.append(Base64.getEncoder().encodeToString(hash.bytes())).append('\n');
    }
    return text.append('\n').append(checkpoint).toString();
  }

  private static SigningException refused(String why) {
    return new SigningException(Code.NOT_IN_LOG, "log proof: " + why);
  }
}
