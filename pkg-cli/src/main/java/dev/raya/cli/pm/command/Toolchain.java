package dev.raya.cli.pm.command;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import dev.raya.cli.pm.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the compiler of the toolchain this program runs from, as a process of its own. */
public final class Toolchain {
  private final Environment environment;
  private final Path home;

  private Toolchain(Environment environment, Path home) {
    this.environment = environment;
    this.home = home;
  }

  /**
   * The toolchain in use.
   *
   * @throws CommandException RAYA-TC-001 if this program does not run from one
   */
  public static Toolchain of(Environment environment) throws CommandException {
    Path home = environment.toolchainHome();
    if (home == null || !Files.isRegularFile(home.resolve("bin").resolve("rayac"))) {
      throw new CommandException(
          "RAYA-TC-001",
          home == null
              ? "raya-pm does not run from a toolchain, so there is no compiler"
              : "the toolchain in " + home + " has no compiler",
          "start raya-pm from a toolchain's bin folder");
    }
    return new Toolchain(environment, home);
  }

  /** Its folder. */
  public Path home() {
    return home;
  }

  /**
   * A process of {@code rayac} in a directory, with this program's environment.
   *
   * @param words its arguments
   */
  public ProcessBuilder rayac(Path directory, List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve("rayac").toString());
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment.variables());
    return builder;
  }

  /**
   * Runs a process with this program's own streams.
   *
   * @return its exit code
   * @throws CommandException if it cannot be started
   * @throws InterruptedException if the thread was interrupted; the process is ended
   */
  public static int inherit(ProcessBuilder builder) throws CommandException, InterruptedException {
    try {
      Process process = builder.inheritIO().start();
      try {
        return process.waitFor();
      } catch (InterruptedException interrupted) {
        process.destroy();
        throw interrupted;
      }
    } catch (IOException unstartable) {
      throw Failure.of(unstartable);
    }
  }
}
