package dev.raya.registry.signer;

import dev.raya.signing.SigningException;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.WitnessException;
import java.io.IOException;

/**
 * The registry's own witness: cosigns the checkpoints of its log under the name {@code local}, and
 * those of other logs that the operator names, with another key.
 */
public interface LocalWitness {
  /**
   * The size of the own log's tree that was cosigned last.
   *
   * @throws SigningException if what is remembered is damaged
   * @throws IOException if the witness gives no answer
   */
  long cosignedSize() throws SigningException, IOException;

  /**
   * Cosigns a checkpoint of the own log.
   *
   * @return the line of the cosignature
   * @throws WitnessException if it does not cosign
   * @throws SigningException if what is remembered is damaged
   * @throws IOException if the witness gives no answer
   */
  String cosignOwn(AddCheckpoint request) throws WitnessException, SigningException, IOException;

  /**
   * Cosigns a checkpoint of another log; which logs are known is the witness's own knowledge.
   *
   * @return the line of the cosignature
   * @throws WitnessException if it does not cosign
   * @throws SigningException if what is remembered is damaged
   * @throws IOException if the witness gives no answer
   */
  String cosign(AddCheckpoint request) throws WitnessException, SigningException, IOException;
}
