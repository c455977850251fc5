package dev.raya.registry.signer;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.tile.TreeHead;
import dev.raya.signing.witness.AddCheckpoint;
import dev.raya.signing.witness.WitnessException;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to the signer's process. Every request may be repeated: a signer that signed and ended
 * before its answer arrived signs the next version of the same, or the same tree again. So while
 * the process is started anew, a request waits for it.
 */
public final class SignerClient implements Signer, AutoCloseable {
  /** A machine under load takes long to start a process. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long BETWEEN_TRIES = 20_000_000;

  private final Path socket;
  private final Object lock = new Object();

  /** Guarded by {@link #lock}. */
  private @Nullable Connection connection;

  private record Connection(SocketChannel channel, DataInputStream in, DataOutputStream out) {
    static Connection open(Path socket) throws IOException {
      SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
      return new Connection(
          channel,
          new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel))),
          new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel))));
    }
  }

  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int kind;

    RefusedException(int kind, String message) {
      super(message);
      this.kind = kind;
    }
  }

  /** Takes the socket; connects at the first request. */
  public SignerClient(Path socket) {
    this.socket = socket;
  }

  @Override
  public Optional<byte[]> lastSnapshot() throws IOException {
    try {
      return ask(new SignerMessage.LastSnapshot());
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
      return present(ask(message));
    } catch (RefusedException e) {
      throw new TufException(TufException.Code.METADATA_REFUSED, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Signed signed() throws SigningException, IOException {
    byte[] answer = log(new SignerMessage.SignedSizes());
    try {
      JsonFields fields = JsonFields.root(JsonReader.read(answer));
      return new Signed(fields.integer("log"), fields.integer("witness"));
    } catch (JsonException e) {
      throw new IOException("the signer answers something else: " + e.getMessage(), e);
    }
  }

  @Override
  public String checkpoint(TreeHead head, List<Digest> fromLog, List<Digest> fromWitness)
      throws SigningException, IOException {
    return new String(
        log(new SignerMessage.Checkpoint(head, fromLog, fromWitness)), StandardCharsets.UTF_8);
  }

  @Override
  public String cosign(AddCheckpoint request)
      throws WitnessException, SigningException, IOException {
    try {
      return new String(present(ask(new SignerMessage.Cosign(request))), StandardCharsets.UTF_8);
    } catch (RefusedException e) {
      String message = String.valueOf(e.getMessage());
      String[] parts = message.split(" ", 3);
      if (e.kind == Frames.NOT_COSIGNED && parts.length == 3) {
        throw new WitnessException(
            WitnessException.Reason.valueOf(parts[0]), Long.parseLong(parts[1]), parts[2]);
      }
      throw new SigningException(SigningException.Code.NOT_IN_LOG, message, e);
    }
  }

  private byte[] log(SignerMessage message) throws SigningException, IOException {
    try {
      return present(ask(message));
    } catch (RefusedException e) {
      throw new SigningException(
          SigningException.Code.NOT_IN_LOG, String.valueOf(e.getMessage()), e);
    }
  }

  private static byte[] present(Optional<byte[]> answer) throws IOException {
    return answer.orElseThrow(() -> new IOException("the signer answers nothing"));
  }

  private Optional<byte[]> ask(SignerMessage message) throws RefusedException, IOException {
    Frames.Frame answer = exchange(message.bytes());
    return switch (answer.kind()) {
      case Frames.OK -> Optional.of(answer.content());
      case Frames.ABSENT -> Optional.empty();
      // It is there and has failed; asking again would only hold up everyone else.
      case Frames.FAILED ->
          throw new IOException(
              "the signer failed: " + new String(answer.content(), StandardCharsets.UTF_8));
      default ->
          throw new RefusedException(
              answer.kind(), new String(answer.content(), StandardCharsets.UTF_8));
    };
  }

  private Frames.Frame exchange(byte[] request) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    synchronized (lock) {
      while (true) {
        try {
          return askOnce(request);
        } catch (IOException e) {
          close();
          if (System.nanoTime() > deadline) {
            throw new IOException("the signer's process does not answer: " + e.getMessage(), e);
          }
        }
        LockSupport.parkNanos(BETWEEN_TRIES);
      }
    }
  }

  private Frames.Frame askOnce(byte[] request) throws IOException {
    Connection open = connection;
    if (open == null) {
      open = Connection.open(socket);
      connection = open;
    }
    Frames.write(open.out(), Frames.OK, request);
    Frames.Frame answer = Frames.read(open.in());
    if (answer == null) {
      throw new IOException("it ended");
    }
    return answer;
  }

  @Override
  public void close() throws IOException {
    synchronized (lock) {
      Connection open = connection;
      connection = null;
      if (open != null) {
        open.channel().close();
      }
    }
  }
}
