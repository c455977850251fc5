package dev.raya.registry.signer;

import dev.raya.registry.signer.SignerSocket.RefusedException;
import dev.raya.signing.SigningException;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.WitnessException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Speaks to the witness's process. */
public final class WitnessClient implements LocalWitness, AutoCloseable {
  private final SignerSocket socket;

  /** Takes the socket; connects at the first request. */
  public WitnessClient(Path socket) {
    this.socket = new SignerSocket(socket, "witness");
  }

  @Override
  public long cosignedSize() throws SigningException, IOException {
    return socket.lastSize();
  }

  @Override
  public String cosignOwn(AddCheckpoint request)
      throws WitnessException, SigningException, IOException {
    return cosigned(new SignerMessage.CosignOwn(request));
  }

  @Override
  public String cosign(AddCheckpoint request)
      throws WitnessException, SigningException, IOException {
    return cosigned(new SignerMessage.Cosign(request));
  }

  private String cosigned(SignerMessage message)
      throws WitnessException, SigningException, IOException {
    try {
      return new String(SignerSocket.present(socket.ask(message)), StandardCharsets.UTF_8);
    } catch (RefusedException e) {
      String text = String.valueOf(e.getMessage());
      String[] parts = text.split(" ", 3);
      if (e.kind == Frames.NOT_COSIGNED && parts.length == 3) {
        throw new WitnessException(
            WitnessException.Reason.valueOf(parts[0]), Long.parseLong(parts[1]), parts[2]);
      }
      throw new SigningException(SigningException.Code.NOT_IN_LOG, text, e);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
