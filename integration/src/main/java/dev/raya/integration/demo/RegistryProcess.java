package dev.raya.integration.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running {@code raya-registry}: started as an operator would, ended by SIGTERM. Remembers its
 * child processes, so that a caller can see that none of them outlives it.
 */
public final class RegistryProcess implements AutoCloseable {
  private static final String READY = "listening on ";
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final String url;

  private RegistryProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * Starts a registry and waits until it is ready.
   *
   * @param program {@code bin/raya-registry}
   * @param dataDir its data directory; made if missing
   * @param port 0 for any free one
   * @param log file that takes its stderr
   * @throws IOException if it ends before it is ready; the message holds the end of its log
   */
  public static RegistryProcess start(Path program, Path dataDir, int port, Path log)
      throws IOException {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "start",
                "--data-dir",
                dataDir.toString(),
                "--http-port",
                String.valueOf(port))
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(READY)) {
        return new RegistryProcess(process, line.substring(READY.length()).strip());
      }
    }
    List<String> lines = Files.readAllLines(log);
    throw new IOException(
        "the registry ended before it was ready:\n"
            + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size())));
  }

  /** Its address, such as {@code http://127.0.0.1:40123}. */
  public String url() {
    return url;
  }

  /** The port of its address. */
  public int port() {
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** The process and all below it, as they are now. */
  public List<ProcessHandle> family() {
    return java.util.stream.Stream.concat(
            java.util.stream.Stream.of(process.toHandle()), process.descendants())
        .toList();
  }

  /** Kills it without warning (SIGKILL), as a power cut would. */
  public void kill() {
    process.destroyForcibly();
    await();
  }

  /** Ends it by SIGTERM and waits for it and everything it started. */
  @Override
  public void close() {
    List<ProcessHandle> family = family();
    boolean serves = process.isAlive();
    process.destroy();
    await();
    if (serves && process.exitValue() != 0) {
      throw new IllegalStateException(
          "the registry ended with " + process.exitValue() + " when it was told to stop");
    }
    for (ProcessHandle member : family) {
      if (!ended(member)) {
        throw new IllegalStateException(
            "process " + member.pid() + " of the registry is still there: " + member.info());
      }
    }
  }

  private void await() {
    if (!ended(process.toHandle())) {
      throw new IllegalStateException("the registry did not end within " + STOP_SECONDS + " s");
    }
  }

  private static boolean ended(ProcessHandle handle) {
    try {
      handle.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !handle.isAlive();
    }
  }
}
