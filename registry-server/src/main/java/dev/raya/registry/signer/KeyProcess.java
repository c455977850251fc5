package dev.raya.registry.signer;

import dev.raya.registry.storage.DataDirectory;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process with keys, the signer's or the witness's, as the child of the web server's: begun with
 * it, begun anew when it ends, and gone with it, since it lives only as long as its standard input
 * stays open.
 */
public final class KeyProcess implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(KeyProcess.class.getName());
  private static final Duration BETWEEN_STARTS = Duration.ofMillis(200);
  private static final long STOP_SECONDS = 5;

  /** Longest path of a Unix socket that every system takes, in bytes. */
  private static final int MAX_SOCKET = 100;

  private final String name;
  private final List<String> command;
  private final Path socket;
  private final Object lock = new Object();

  /** Guarded by {@link #lock}. */
  private Process process;

  /** Guarded by {@link #lock}. */
  private boolean closed;

  private KeyProcess(String name, List<String> command, Path socket) throws IOException {
    this.name = name;
    this.command = command;
    this.socket = socket;
    this.process = begin();
  }

  /**
   * Starts the signer's process; it answers some tenths of a second later.
   *
   * @param program the main class of the registry, which knows the process's command
   * @param directory whose keys it holds; its origin is fixed
   * @throws IOException if it cannot be started
   */
  public static KeyProcess signer(Class<?> program, DataDirectory directory) throws IOException {
    return start(program, "signer", directory, directory.signer());
  }

  /**
   * Starts the witness's process, likewise.
   *
   * @param program the main class of the registry, which knows the process's command
   * @param directory whose keys it holds; its origin is fixed
   * @throws IOException if it cannot be started
   */
  public static KeyProcess witness(Class<?> program, DataDirectory directory) throws IOException {
    return start(program, "local-witness", directory, directory.witness());
  }

  private static KeyProcess start(
      Class<?> program, String name, DataDirectory directory, Path folder) throws IOException {
    Path socket = folder.resolve("socket");
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET) {
      socket = Files.createTempDirectory("raya-" + name).resolve("socket");
    }
    KeyProcess started =
        new KeyProcess(
            name,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                classPath(),
                program.getName(),
                name,
                "--data-dir",
                directory.root().toString(),
                "--socket",
                socket.toString()),
            socket);
    Thread.ofPlatform().name("raya-" + name + "-watch").daemon().start(started::watch);
    return started;
  }

  /** The class path of this process; a packaged one has only its runner's jar on it. */
  private static String classPath() {
    String own = System.getProperty("java.class.path");
    Path jar = Path.of(own.split(File.pathSeparator, 2)[0]).toAbsolutePath();
    if (!"quarkus-run.jar".equals(String.valueOf(jar.getFileName()))) {
      return own;
    }
    Path folder = jar.resolveSibling("");
    return String.join(
        File.pathSeparator,
        folder.resolve("app") + "/*",
        folder.resolve("lib/main") + "/*",
        folder.resolve("lib/boot") + "/*");
  }

  private Process begin() throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void watch() {
    while (true) {
      Process current;
      synchronized (lock) {
        current = process;
      }
      try {
        int code = current.waitFor();
        LockSupport.parkNanos(BETWEEN_STARTS.toNanos());
        synchronized (lock) {
          if (closed) {
            return;
          }
          LOG.log(
              System.Logger.Level.WARNING,
              "the process {0} ended with {1}; it is started anew",
              name,
              code);
          process = begin();
        }
      } catch (IOException e) {
        LOG.log(System.Logger.Level.ERROR, "the process " + name + " cannot be started", e);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** The process that runs now. */
  ProcessHandle handle() {
    synchronized (lock) {
      return process.toHandle();
    }
  }

  /** Where it listens. */
  public Path socket() {
    return socket;
  }

  @Override
  public void close() {
    Process current;
    synchronized (lock) {
      closed = true;
      current = process;
    }
    try {
      current.getOutputStream().close();
      if (!current.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        current.destroyForcibly();
      }
    } catch (IOException e) {
      current.destroyForcibly();
    } catch (InterruptedException e) {
      current.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
