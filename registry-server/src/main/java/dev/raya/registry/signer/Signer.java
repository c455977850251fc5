package dev.raya.registry.signer;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.tile.TreeHead;
import dev.raya.tuf.repository.OnlineSigner;
import java.io.IOException;
import java.util.List;

/** Everything that online keys sign: TUF's online roles, and the log's checkpoints. */
public interface Signer extends OnlineSigner {
  /**
   * The size of the tree that the log's key signed last.
   *
   * @throws SigningException if what is remembered is damaged
   * @throws IOException if the signer gives no answer
   */
  long signedSize() throws SigningException, IOException;

  /**
   * Signs a checkpoint.
   *
   * @param head the log's tree
   * @param proof that it begins with the tree the log's key signed last
   * @return the note
   * @throws SigningException if the proof does not hold
   * @throws IOException if the signer gives no answer
   */
  String checkpoint(TreeHead head, List<Digest> proof) throws SigningException, IOException;
}
