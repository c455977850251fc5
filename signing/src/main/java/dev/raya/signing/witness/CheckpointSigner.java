package dev.raya.signing.witness;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.log.Checkpoint;
import dev.raya.signing.log.NoteSigner;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.tile.TileStore;
import dev.raya.signing.tile.TreeHead;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/**
 * The key of a log and the rule under which it signs: every tree begins with the one signed before,
 * whoever asks. A registry whose database went back can so never show a second history. Not
 * thread-safe.
 */
public final class CheckpointSigner {
  private final NoteSigner signer;
  private final TreeMemory memory;
  private final InstantSource clock;

  /**
   * Takes the log's key.
   *
   * @param store holds what was signed last and nothing else
   */
  public CheckpointSigner(NoteSigner signer, TileStore store, InstantSource clock) {
    this.signer = signer;
    this.memory = new TreeMemory(store);
    this.clock = clock;
  }

  /**
   * The tree that was signed last; the empty one if none was.
   *
   * @throws SigningException if what is kept is damaged
   * @throws IOException if it cannot be read
   */
  public TreeHead last() throws SigningException, IOException {
    return memory.last(signer.verifier().name()).orElse(TreeHead.EMPTY);
  }

  /**
   * Signs a checkpoint.
   *
   * @param proof that the tree begins with {@link #last()}
   * @throws SigningException if that is not shown
   * @throws IOException if what is signed cannot be remembered
   */
  public SignedNote sign(TreeHead head, List<Digest> proof) throws SigningException, IOException {
    String origin = signer.verifier().name();
    memory.advance(origin, head, proof);
    String text = new Checkpoint(origin, head.size(), head.root(), List.of()).text();
    return new SignedNote(text, List.of(signer.sign(text, clock.instant())));
  }
}
