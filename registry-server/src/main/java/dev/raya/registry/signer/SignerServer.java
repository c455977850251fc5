package dev.raya.registry.signer;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.signing.SigningException;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.WitnessException;
import dev.raya.tuf.TufException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Answers the requests of a signer or of a witness on a Unix socket, in a folder that only the
 * registry's user may enter. What it refuses or cannot do it says; only what is no frame ends the
 * connection.
 */
public final class SignerServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(SignerServer.class.getName());

  private final Answers answers;
  private final ServerSocketChannel listening;

  /** What a process answers; empty where there is nothing. */
  private interface Answers {
    Optional<byte[]> answer(SignerMessage message)
        throws JsonException, TufException, SigningException, WitnessException, IOException;
  }

  private SignerServer(Answers answers, ServerSocketChannel listening) {
    this.answers = answers;
    this.listening = listening;
  }

  /**
   * Listens for a signer; one that listened before us and ended is replaced.
   *
   * @param socket path of the socket, at most 100 bytes on most systems
   * @throws IOException if the socket cannot be made
   */
  public static SignerServer listen(Signer signer, Path socket) throws IOException {
    return listen(message -> sign(signer, message), socket);
  }

  /**
   * Listens for a witness, likewise.
   *
   * @param socket path of the socket, at most 100 bytes on most systems
   * @throws IOException if the socket cannot be made
   */
  public static SignerServer listen(LocalWitness witness, Path socket) throws IOException {
    return listen(message -> cosign(witness, message), socket);
  }

  private static SignerServer listen(Answers answers, Path socket) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(socket));
    SignerServer server = new SignerServer(answers, channel);
    Thread.ofPlatform().name("raya-signer").daemon().start(server::accept);
    return server;
  }

  private void accept() {
    while (listening.isOpen()) {
      try {
        SocketChannel connection = listening.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "a connection to the signer failed", e);
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection;
        DataInputStream in =
            new DataInputStream(new BufferedInputStream(Channels.newInputStream(connection)));
        DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(connection)))) {
      for (Frames.Frame frame = Frames.read(in); frame != null; frame = Frames.read(in)) {
        answer(frame.content(), out);
      }
    } catch (ClosedChannelException gone) {
      // The other side ended; its next connection starts anew.
      return;
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "a connection to the signer was ended", e);
    }
  }

  private void answer(byte[] request, DataOutputStream out) throws IOException {
    Optional<byte[]> answer;
    try {
      answer = signOrFail(request);
    } catch (WitnessException refused) {
      Frames.write(
          out,
          Frames.NOT_COSIGNED,
          (refused.reason() + " " + refused.size() + ' ' + refused.getMessage())
              .getBytes(StandardCharsets.UTF_8));
      return;
    } catch (JsonException | TufException | SigningException refused) {
      Frames.write(
          out,
          Frames.REFUSED,
          String.valueOf(refused.getMessage()).getBytes(StandardCharsets.UTF_8));
      return;
    } catch (FailedException failed) {
      LOG.log(System.Logger.Level.WARNING, "the signer could not do what it was asked", failed);
      Frames.write(
          out, Frames.FAILED, String.valueOf(failed.getMessage()).getBytes(StandardCharsets.UTF_8));
      return;
    }
    Frames.write(
        out, answer.isPresent() ? Frames.OK : Frames.ABSENT, answer.orElseGet(() -> new byte[0]));
  }

  /**
   * A failure of what is asked, told apart from one of the connection: a dropped connection means
   * to the client that the process ended, and it would ask the same again for a minute.
   */
  private Optional<byte[]> signOrFail(byte[] request)
      throws JsonException, TufException, SigningException, WitnessException, FailedException {
    try {
      return answers.answer(SignerMessage.read(request));
    } catch (IOException | RuntimeException e) {
      throw new FailedException(e);
    }
  }

  /** The signer's own files or code failed. */
  private static final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(Exception cause) {
      super(cause.toString(), cause);
    }
  }

  private static Optional<byte[]> sign(Signer signer, SignerMessage message)
      throws JsonException, TufException, SigningException, IOException {
    return switch (message) {
      case SignerMessage.LastSnapshot() -> signer.lastSnapshot();
      case SignerMessage.Bin bin ->
          Optional.of(signer.bin(bin.bin(), bin.version(), bin.targets()));
      case SignerMessage.EmptyBin(long version) -> Optional.of(signer.emptyBin(version));
      case SignerMessage.Advisories list ->
          Optional.of(signer.advisories(list.version(), list.targets()));
      case SignerMessage.Snapshot snapshot -> Optional.of(signer.snapshot(snapshot.files()));
      case SignerMessage.Timestamp timestamp -> Optional.of(signer.timestamp(timestamp.snapshot()));
      case SignerMessage.LastSize() -> size(signer.signedSize());
      case SignerMessage.Checkpoint(TreeHead head, List<Digest> proof) ->
          text(signer.checkpoint(head, proof));
      case SignerMessage.CosignOwn _, SignerMessage.Cosign _ ->
          throw new JsonException("the signer cosigns nothing; that is the witness's", -1);
    };
  }

  private static Optional<byte[]> cosign(LocalWitness witness, SignerMessage message)
      throws JsonException, SigningException, WitnessException, IOException {
    return switch (message) {
      case SignerMessage.LastSize() -> size(witness.cosignedSize());
      case SignerMessage.CosignOwn(AddCheckpoint request) -> text(witness.cosignOwn(request));
      case SignerMessage.Cosign(AddCheckpoint request) -> text(witness.cosign(request));
      case SignerMessage.LastSnapshot _,
          SignerMessage.Bin _,
          SignerMessage.EmptyBin _,
          SignerMessage.Advisories _,
          SignerMessage.Snapshot _,
          SignerMessage.Timestamp _,
          SignerMessage.Checkpoint _ ->
          throw new JsonException("the witness cosigns checkpoints and signs nothing else", -1);
    };
  }

  private static Optional<byte[]> size(long size) {
    return Optional.of(CanonicalJson.bytes(Json.object().put("size", size).build()));
  }

  private static Optional<byte[]> text(String text) {
    return Optional.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The socket's name stays: it may be that of whoever listens after us by now. */
  @Override
  public void close() throws IOException {
    listening.close();
  }
}
