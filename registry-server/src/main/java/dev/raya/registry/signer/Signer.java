package dev.raya.registry.signer;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.SigningException;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.WitnessException;
import dev.raya.tuf.repository.OnlineSigner;
import java.io.IOException;
import java.util.List;

/** Everything that online keys sign: TUF's online roles, and the log's checkpoints. */
public interface Signer extends OnlineSigner {
  /**
   * Sizes of the trees signed last.
   *
   * @param log by the log's key
   * @param witness by the local witness
   */
  record Signed(long log, long witness) {}

  /**
   * The sizes of the trees that log and local witness signed last.
   *
   * @throws SigningException if what they remember is damaged
   * @throws IOException if the signer gives no answer
   */
  Signed signed() throws SigningException, IOException;

  /**
   * Signs and cosigns a checkpoint.
   *
   * @param head the log's tree
   * @param fromLog proof that it begins with the tree the log's key signed last
   * @param fromWitness the same for the witness
   * @return the note
   * @throws SigningException if one of the proofs does not hold
   * @throws IOException if the signer gives no answer
   */
  String checkpoint(TreeHead head, List<Digest> fromLog, List<Digest> fromWitness)
      throws SigningException, IOException;

  /**
   * Cosigns a checkpoint of another log, as its witness; which logs are known is the signer's own
   * knowledge.
   *
   * @return the line of the cosignature
   * @throws WitnessException if it does not cosign
   * @throws SigningException if what it remembers is damaged
   * @throws IOException if the signer gives no answer
   */
  String cosign(AddCheckpoint request) throws WitnessException, SigningException, IOException;
}
