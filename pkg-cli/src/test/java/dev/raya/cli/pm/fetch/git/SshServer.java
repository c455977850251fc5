package dev.raya.cli.pm.fetch.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.config.keys.AuthorizedKeysAuthenticator;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.UploadPack;
import org.jspecify.annotations.Nullable;

/** Serves one repository over ssh on loopback, to those whose key is in a file. */
final class SshServer implements AutoCloseable {
  private final org.apache.sshd.server.SshServer server;
  private final KeyPair hostKey;
  private final Repository repository;
  private final List<String> commands = new CopyOnWriteArrayList<>();

  SshServer(Repository repository, Path authorizedKeys)
      throws IOException, GeneralSecurityException {
    this.repository = repository;
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    hostKey = generator.generateKeyPair();
    server = org.apache.sshd.server.SshServer.setUpDefaultServer();
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
    server.setPublickeyAuthenticator(new AuthorizedKeysAuthenticator(authorizedKeys));
    server.setCommandFactory((session, command) -> new Upload(command));
    server.start();
  }

  /** The repository's address. */
  String url() {
    return "ssh://git@127.0.0.1:" + server.getPort() + "/exp.git";
  }

  /** The line by which known_hosts knows it. */
  String knownHost() {
    return "[127.0.0.1]:" + server.getPort() + " " + PublicKeyEntry.toString(hostKey.getPublic());
  }

  /** What was asked for. */
  List<String> commands() {
    return List.copyOf(commands);
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }

  /** Git's side of one connection. */
  private final class Upload implements Command {
    private final String command;
    private @Nullable InputStream in;
    private @Nullable OutputStream out;
    private @Nullable OutputStream err;
    private @Nullable ExitCallback exit;

    Upload(String command) {
      this.command = command;
    }

    @Override
    public void setInputStream(InputStream stream) {
      in = stream;
    }

    @Override
    public void setOutputStream(OutputStream stream) {
      out = stream;
    }

    @Override
    public void setErrorStream(OutputStream stream) {
      err = stream;
    }

    @Override
    public void setExitCallback(ExitCallback callback) {
      exit = callback;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
      commands.add(environment.getEnv().get("USER") + ": " + command);
      Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
      ExitCallback callback = Objects.requireNonNull(exit);
      try {
        if (command.equals("git-upload-pack '/exp.git'")) {
          new UploadPack(repository).upload(in, out, err);
          callback.onExit(0);
        } else {
          Objects.requireNonNull(err)
              .write("ERROR: Repository not found.\n".getBytes(StandardCharsets.UTF_8));
          Objects.requireNonNull(err).flush();
          callback.onExit(1);
        }
      } catch (IOException broken) {
        callback.onExit(2, broken.toString());
      }
    }

    @Override
    public void destroy(ChannelSession channel) {
      // The stream's end ends the thread.
    }
  }
}
