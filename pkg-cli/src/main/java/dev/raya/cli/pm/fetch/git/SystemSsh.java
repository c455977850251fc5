package dev.raya.cli.pm.fetch.git;

import dev.raya.cli.console.Environment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.RemoteSession2;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/**
 * Connections by the system's {@code ssh}, so that the user's keys, agent and {@code ~/.ssh/config}
 * are what git itself would use. It is never let to ask anything, and a host that {@code
 * known_hosts} does not hold is refused, whatever the user's files say; only {@code
 * GIT_SSH_COMMAND}, which git knows too, comes before that. See docs/decisions/0400.
 */
final class SystemSsh extends SshSessionFactory {
  private static final int MAX_SAID = 4096;
  private static final int PATIENCE_SECONDS = 2;

  private final Environment environment;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private @Nullable Thread listening;
  private @Nullable WatchedProcess watched;

  SystemSsh(Environment environment) {
    this.environment = environment;
  }

  /** What the program said on its standard error, at most some thousand bytes of it. */
  String said() {
    Thread reader = listening;
    if (reader != null) {
      try {
        if (!reader.join(Duration.ofSeconds(PATIENCE_SECONDS))) {
          return saidSoFar() + "…";
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return saidSoFar();
  }

  private String saidSoFar() {
    synchronized (said) {
      return said.toString(StandardCharsets.UTF_8).strip();
    }
  }

  /** Whether the far side fell silent for the whole of the patience, and was left. */
  boolean wasSilent() {
    WatchedProcess process = watched;
    return process != null && process.wasSilent();
  }

  @Override
  public RemoteSession getSession(
      URIish uri, @Nullable CredentialsProvider credentials, FS fs, int milliseconds) {
    return new Session(uri);
  }

  @Override
  public String getType() {
    return "system";
  }

  private List<String> command(URIish uri, int seconds, String remote) {
    List<String> words = new ArrayList<>(program());
    words.addAll(
        List.of(
            "-T",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "ClearAllForwardings=yes",
            "-o",
            "SendEnv=GIT_PROTOCOL"));
    if (seconds > 0) {
      words.addAll(
          List.of(
              "-o",
              "ConnectTimeout=" + seconds,
              "-o",
              "ServerAliveInterval=" + seconds,
              "-o",
              "ServerAliveCountMax=1"));
    }
    if (uri.getPort() > 0) {
      words.addAll(List.of("-p", Integer.toString(uri.getPort())));
    }
    if (uri.getUser() != null) {
      words.addAll(List.of("-l", uri.getUser()));
    }
    String host = uri.getHost();
    words.addAll(List.of("--", host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
    words.add(remote);
    return words;
  }

  /** As git reads {@code GIT_SSH_COMMAND}: a line of the shell, to which the words are appended. */
  private List<String> program() {
    String line = environment.get("GIT_SSH_COMMAND");
    if (line == null) {
      return List.of("ssh");
    }
    boolean windows =
        System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
    return windows
        ? List.of(line.strip().split("\\s+"))
        : List.of("/bin/sh", "-c", line + " \"$@\"", "ssh");
  }

  private Process start(URIish uri, String remote, Map<String, String> more, int seconds)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command(uri, seconds, remote))
            .directory(environment.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(environment.variables());
    builder.environment().putAll(more);
    // Its words are read, by SshFailure.
    builder.environment().put("LC_ALL", "C");
    try {
      Process process = builder.start();
      WatchedProcess started = new WatchedProcess(process, Duration.ofSeconds(seconds));
      watched = started;
      listening = Thread.ofVirtual().start(() -> listen(process.getErrorStream(), started));
      return started;
    } catch (IOException unstartable) {
      String why = "the program ssh cannot be started; install OpenSSH, or use the https address";
      synchronized (said) {
        said.writeBytes(why.getBytes(StandardCharsets.UTF_8));
      }
      throw new TransportException(uri, why, unstartable);
    }
  }

  private void listen(InputStream errors, WatchedProcess started) {
    byte[] bytes = new byte[MAX_SAID];
    try {
      for (int count = errors.read(bytes); count >= 0; count = errors.read(bytes)) {
        started.progressed();
        synchronized (said) {
          said.write(bytes, 0, Math.min(count, MAX_SAID - said.size()));
        }
      }
    } catch (IOException ended) {
      // What it could not say any more is not worth failing for.
      return;
    }
  }

  private final class Session implements RemoteSession2 {
    private final URIish uri;
    private @Nullable Process running;

    Session(URIish uri) {
      this.uri = uri;
    }

    @Override
    public Process exec(String remote, int timeout) throws IOException {
      return exec(remote, Map.of(), timeout);
    }

    @Override
    public Process exec(String remote, Map<String, String> variables, int timeout)
        throws IOException {
      Process started = start(uri, remote, variables, timeout);
      running = started;
      return started;
    }

    @Override
    public void disconnect() {
      Process started = running;
      if (started != null) {
        started.destroy();
      }
    }
  }
}
