package dev.raya.signing.witness;

import dev.raya.signing.SigningException;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.log.SignedNote.NoteSignature;
import dev.raya.signing.tile.TileStore;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.WitnessException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/**
 * A witness: cosigns a log's checkpoint only if a known key of the log signed it and its tree
 * begins with the one cosigned before, so that a log that shows two histories needs two sets of
 * witnesses (C2SP tlog-witness). Thread-safe.
 */
public final class Witness {
  private final NoteSigner signer;
  private final TreeMemory memory;
  private final InstantSource clock;
  private final Object lock = new Object();

  /**
   * Takes the witness's key and its own store.
   *
   * @param store guarded by this object from here on
   */
  public Witness(NoteSigner signer, TileStore store, InstantSource clock) {
    this.signer = signer;
    this.memory = new TreeMemory(store);
    this.clock = clock;
  }

  /** What verifies its cosignatures. */
  public NoteKey verifier() {
    return signer.verifier();
  }

  /**
   * Cosigns.
   *
   * @param logs keys of the logs that it knows
   * @throws WitnessException if it does not
   * @throws SigningException if what it keeps is damaged
   * @throws IOException if its store cannot be read or written
   */
  public NoteSignature add(AddCheckpoint request, List<NoteKey> logs)
      throws WitnessException, SigningException, IOException {
    SignedNote note;
    Checkpoint checkpoint;
    try {
      note = SignedNote.parse(request.checkpoint().getBytes(StandardCharsets.UTF_8));
      checkpoint = Checkpoint.parse(note.text());
    } catch (SigningException malformed) {
      throw new WitnessException(Reason.MALFORMED, 0, String.valueOf(malformed.getMessage()));
    }
    List<NoteKey> known =
        logs.stream().filter(key -> key.name().equals(checkpoint.origin())).toList();
    if (known.isEmpty()) {
      throw new WitnessException(
          Reason.UNKNOWN_LOG, 0, "the log " + checkpoint.origin() + " is not known here");
    }
    requireSigned(note, known);
    synchronized (lock) {
      advance(request, checkpoint);
    }
    return signer.sign(note.text(), clock.instant());
  }

  private static void requireSigned(SignedNote note, List<NoteKey> known) throws WitnessException {
    try {
      note.requireSigner(known);
    } catch (SigningException notSigned) {
      throw new WitnessException(Reason.NOT_SIGNED, 0, String.valueOf(notSigned.getMessage()));
    }
  }

  private void advance(AddCheckpoint request, Checkpoint checkpoint)
      throws WitnessException, SigningException, IOException {
    TreeHead last = memory.last(checkpoint.origin()).orElse(TreeHead.EMPTY);
    TreeHead next = new TreeHead(checkpoint.size(), checkpoint.root());
    if (request.oldSize() > next.size()) {
      throw new WitnessException(
          Reason.MALFORMED, last.size(), "the old size is above the checkpoint's");
    }
    if (request.oldSize() != last.size()
        || (next.size() == last.size() && !next.root().equals(last.root()))) {
      throw new WitnessException(
          Reason.CONFLICT,
          last.size(),
          "the tree cosigned last of " + checkpoint.origin() + " has the size " + last.size());
    }
    try {
      memory.advance(checkpoint.origin(), next, request.proof());
    } catch (SigningException inconsistent) {
      throw new WitnessException(
          Reason.NOT_CONSISTENT, last.size(), String.valueOf(inconsistent.getMessage()));
    }
  }

  /**
   * The tree of a log that was cosigned last; the empty one if none was.
   *
   * @throws SigningException if what is kept is damaged
   * @throws IOException if it cannot be read
   */
  public TreeHead last(String origin) throws SigningException, IOException {
    synchronized (lock) {
      return memory.last(origin).orElse(TreeHead.EMPTY);
    }
  }
}
