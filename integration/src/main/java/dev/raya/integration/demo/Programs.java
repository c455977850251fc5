package dev.raya.integration.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs the programs of a toolchain as a user would: as processes, with an environment that holds
 * only what is given here. Immutable; {@link #with} derives another environment.
 */
public final class Programs {
  private static final long TIMEOUT_SECONDS = 120;

  private final Path bin;
  private final Map<String, String> environment;

  private Programs(Path bin, Map<String, String> environment) {
    this.bin = bin;
    this.environment = environment;
  }

  /** Takes the folder of the programs and the user's home of Raya. */
  public static Programs of(Path bin, Path rayaHome) {
    return new Programs(bin, Map.of()).with("RAYA_HOME", rayaHome.toString());
  }

  /** The same programs with one more variable. */
  public Programs with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new Programs(bin, more);
  }

  /**
   * What a finished process left.
   *
   * @param exit its exit code
   * @param out its standard output
   * @param err its standard error
   */
  public record Outcome(int exit, String out, String err) {}

  /**
   * Runs a program to its end.
   *
   * @param directory its working directory
   * @param program file name in the folder of the programs
   * @param arguments its arguments
   * @throws IOException if it cannot be started, or takes longer than two minutes
   */
  public Outcome run(Path directory, String program, String... arguments) throws IOException {
    Path out = Files.createTempFile("raya-out", ".txt");
    Path err = Files.createTempFile("raya-err", ".txt");
    try {
      Process process =
          start(
              directory,
              ProcessBuilder.Redirect.to(out.toFile()),
              ProcessBuilder.Redirect.to(err.toFile()),
              program,
              arguments);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(program + " took longer than " + TIMEOUT_SECONDS + " s");
      }
      return new Outcome(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program + " was running", e);
    } finally {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    }
  }

  /**
   * Starts a program and leaves it running; its input is empty.
   *
   * @throws IOException if it cannot be started
   */
  public Process start(
      Path directory,
      ProcessBuilder.Redirect out,
      ProcessBuilder.Redirect err,
      String program,
      String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(bin.resolve(program).toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out)
            .redirectError(err);
    Map<String, String> inherited = builder.environment();
    inherited.keySet().removeIf(name -> name.startsWith("RAYA_") || name.equals("CI"));
    inherited.putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }
}
