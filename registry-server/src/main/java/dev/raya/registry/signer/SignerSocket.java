package dev.raya.registry.signer;

import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
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
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The asking end of a signer's or witness's socket. Every request may be repeated: a process that
 * signed and ended before its answer arrived signs the next version of the same, or the same tree
 * again. So while it is started anew, a request waits for it.
 */
final class SignerSocket implements AutoCloseable {
  /** A machine under load takes long to start a process. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long BETWEEN_TRIES = 20_000_000;

  private final Path socket;
  private final String who;
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

  /** An answer that says no. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Of the frame. */
    final int kind;

    RefusedException(int kind, String message) {
      super(message);
      this.kind = kind;
    }
  }

  /**
   * Takes the socket; connects at the first request.
   *
   * @param who listens there, for messages
   */
  SignerSocket(Path socket, String who) {
    this.socket = socket;
    this.who = who;
  }

  static byte[] present(Optional<byte[]> answer) throws IOException {
    return answer.orElseThrow(() -> new IOException("the process answers nothing"));
  }

  /** Asks; a refusal is that of a log. */
  byte[] log(SignerMessage message) throws SigningException, IOException {
    try {
      return present(ask(message));
    } catch (RefusedException e) {
      throw new SigningException(
          SigningException.Code.NOT_IN_LOG, String.valueOf(e.getMessage()), e);
    }
  }

  /** The size of the tree that was signed last. */
  long lastSize() throws SigningException, IOException {
    byte[] answer = log(new SignerMessage.LastSize());
    try {
      return JsonFields.root(JsonReader.read(answer)).integer("size");
    } catch (JsonException e) {
      throw new IOException("the " + who + " answers something else: " + e.getMessage(), e);
    }
  }

  Optional<byte[]> ask(SignerMessage message) throws RefusedException, IOException {
    Frames.Frame answer = exchange(message.bytes());
    return switch (answer.kind()) {
      case Frames.OK -> Optional.of(answer.content());
      case Frames.ABSENT -> Optional.empty();
      // It is there and has failed; asking again would only hold up everyone else.
      case Frames.FAILED ->
          throw new IOException(
              "the " + who + " failed: " + new String(answer.content(), StandardCharsets.UTF_8));
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
            throw new IOException(
                "the " + who + "'s process does not answer: " + e.getMessage(), e);
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
