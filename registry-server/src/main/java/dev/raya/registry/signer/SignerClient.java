package dev.raya.registry.signer;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.signer.SignerSocket.RefusedException;
import dev.raya.signing.SigningException;
import dev.raya.signing.tile.TreeHead;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Speaks to the signer's process. */
public final class SignerClient implements Signer, AutoCloseable {
  private final SignerSocket socket;

  /** Takes the socket; connects at the first request. */
  public SignerClient(Path socket) {
    this.socket = new SignerSocket(socket, "signer");
  }

  @Override
  public Optional<byte[]> lastSnapshot() throws IOException {
    try {
      return socket.ask(new SignerMessage.LastSnapshot());
    } catch (RefusedException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public byte[] bin(String bin, long version, Map<String, Role.TargetFile> targets)
      throws TufException, IOException {
    return metadata(new SignerMessage.Bin(bin, version, targets));
  }

  @Override
  public byte[] emptyBin(long version) throws TufException, IOException {
    return metadata(new SignerMessage.EmptyBin(version));
  }

  @Override
  public byte[] advisories(long version, Map<String, Role.TargetFile> targets)
      throws TufException, IOException {
    return metadata(new SignerMessage.Advisories(version, targets));
  }

  @Override
  public byte[] snapshot(Map<String, Long> files) throws TufException, IOException {
    return metadata(new SignerMessage.Snapshot(files));
  }

  @Override
  public byte[] timestamp(Digest snapshot) throws TufException, IOException {
    return metadata(new SignerMessage.Timestamp(snapshot));
  }

  private byte[] metadata(SignerMessage message) throws TufException, IOException {
    try {
      return SignerSocket.present(socket.ask(message));
    } catch (RefusedException e) {
      throw new TufException(TufException.Code.METADATA_REFUSED, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public long signedSize() throws SigningException, IOException {
    return socket.lastSize();
  }

  @Override
  public String checkpoint(TreeHead head, List<Digest> proof) throws SigningException, IOException {
    return new String(
        socket.log(new SignerMessage.Checkpoint(head, proof)), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
