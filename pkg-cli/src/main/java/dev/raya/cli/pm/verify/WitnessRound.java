package dev.raya.cli.pm.verify;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.trust.RegistryLog;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.NoteKey;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.log.SignedNote.NoteSignature;
import dev.raya.signing.tile.DirectoryTileStore;
import dev.raya.signing.tile.TileLog;
import dev.raya.signing.tile.TileSource;
import dev.raya.signing.tile.TileTree;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.Witness;
import dev.raya.signing.witness.WitnessException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * One round of a witness (security.md, Log): the log's checkpoint is fetched, held against what
 * this home knows and against the tree that was cosigned last, and cosigned. The rules are those of
 * {@link Witness}; a checkpoint that goes back or leads elsewhere is not cosigned.
 */
public final class WitnessRound {
  private static final String FORKED = "RAYA-SEC-006";

  private final RegistryLog log;
  private final TileSource files;
  private final Witness witness;

  /**
   * What a round came to.
   *
   * @param checkpoint that was cosigned
   * @param before size of the tree that was cosigned before; 0 if none was
   * @param cosignature of the witness
   * @param note with the cosignature added
   */
  public record Cosigned(
      Checkpoint checkpoint, long before, NoteSignature cosignature, String note) {}

  /**
   * Prepares a round.
   *
   * @param files the log's own files
   * @param signer the witness's name and key
   * @param state folder of what was cosigned, which the next round needs again
   */
  public WitnessRound(
      RegistryLog log, TileSource files, NoteSigner signer, Path state, InstantSource clock) {
    this.log = log;
    this.files = files;
    this.witness = new Witness(signer, new DirectoryTileStore(state), clock);
  }

  /** What verifies the cosignature. */
  public NoteKey verifier() {
    return witness.verifier();
  }

  /**
   * Makes the round.
   *
   * @throws CommandException RAYA-SEC-005 or 006 if the checkpoint is not one to cosign
   * @throws InterruptedException if the thread was interrupted
   */
  public Cosigned run() throws CommandException, InterruptedException {
    try {
      byte[] served =
          files
              .read(TileLog.CHECKPOINT)
              .orElseThrow(() -> new CommandException("RAYA-SEC-005", "the log has no checkpoint"));
      Checkpoint checkpoint = log.believed(new String(served, StandardCharsets.UTF_8));
      TreeHead last = witness.last(checkpoint.origin());
      if (last.size() > checkpoint.size()) {
        throw refused(checkpoint, last, "the log went back");
      }
      SignedNote note = SignedNote.parse(served);
      NoteSignature cosignature =
          witness.add(
              new AddCheckpoint(last.size(), proof(checkpoint, last), note.document()),
              log.metadata().logPolicy().logs());
      return new Cosigned(checkpoint, last.size(), cosignature, note.with(cosignature).document());
    } catch (WitnessException e) {
      throw new CommandException(
          FORKED,
          "the checkpoint of the log " + log.origin() + " is not cosigned: " + e.getMessage(),
          "do not use the registry until its operator has explained it");
    } catch (SigningException refused) {
      throw Failure.of(refused);
    } catch (RegistryLog.UnansweredException unanswered) {
      throw unanswered.failure();
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  private List<Digest> proof(Checkpoint checkpoint, TreeHead last)
      throws CommandException, IOException {
    if (last.size() == 0 || last.size() == checkpoint.size()) {
      return List.of();
    }
    try {
      return new TileTree(files, checkpoint.size()).consistency(last.size());
    } catch (SigningException withheld) {
      throw refused(checkpoint, last, "nothing leads from one state to the other");
    }
  }

  private CommandException refused(Checkpoint checkpoint, TreeHead last, String why) {
    return new CommandException(
        FORKED,
        "the checkpoint of the log " + log.origin() + " is not cosigned: " + why,
        "cosigned last: size " + last.size() + ", root " + last.root(),
        "found: size " + checkpoint.size() + ", root " + checkpoint.root(),
        "do not use the registry until its operator has explained it");
  }
}
