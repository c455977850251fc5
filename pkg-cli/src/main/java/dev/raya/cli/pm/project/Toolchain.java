package dev.raya.cli.pm.project;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.OutputSettings;
import dev.raya.cli.pm.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts the compiler of the toolchain this program runs from, as a process of its own. */
public final class Toolchain {
  private static final int MAX_ANSWER_BYTES = 64 << 20;

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
   * The digest of its {@code toolchain.json}: its identity.
   *
   * @throws CommandException RAYA-TC-003 if it has none
   */
  public Digest digest() throws CommandException {
    try {
      return Digest.ofFile(home.resolve("toolchain.json"));
    } catch (IOException unreadable) {
      throw new CommandException(
          "RAYA-TC-003", "the toolchain in " + home + " has no readable toolchain.json");
    }
  }

  /**
   * A process of {@code rayac} in a directory, with this program's environment.
   *
   * @param words its arguments
   */
  public ProcessBuilder rayac(Path directory, List<String> words) {
    return program("rayac", directory, words);
  }

  /**
   * A process of {@code raya} in a directory, with this program's environment.
   *
   * @param words its arguments
   */
  public ProcessBuilder raya(Path directory, List<String> words) {
    return program("raya", directory, words);
  }

  private ProcessBuilder program(String name, Path directory, List<String> words) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve(name).toString());
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
      return end(builder.inheritIO().start());
    } catch (IOException unstartable) {
      throw Failure.of(unstartable);
    }
  }

  /**
   * Compiles a project: {@code module.rbin} and {@code module.rdef} of the whole package, linked,
   * and {@code docs.json}.
   *
   * @param project the project's folder
   * @param out where they go
   * @param console gets what the compiler says
   * @throws CommandException if it cannot be started
   * @throws BuildFailure if it refuses the project
   * @throws InterruptedException if the thread was interrupted
   */
  public void build(Path project, Path out, Console console)
      throws CommandException, BuildFailure, InterruptedException {
    boolean quiet = console.settings().level() == OutputSettings.Level.QUIET;
    compile(project, out, console, quiet).forEach(console::report);
  }

  /**
   * Compiles once more what {@link #build} compiled, into another folder; what the compiler warned
   * of has been said and is not said again.
   *
   * @throws CommandException if it cannot be started
   * @throws BuildFailure if it refuses the project
   * @throws InterruptedException if the thread was interrupted
   */
  public void buildAgain(Path project, Path out, Console console)
      throws CommandException, BuildFailure, InterruptedException {
    compile(project, out, console, true);
  }

  /** The warnings that were not printed on the way: none in text mode. */
  private List<Finding> compile(Path project, Path out, Console console, boolean quiet)
      throws CommandException, BuildFailure, InterruptedException {
    List<String> words = new ArrayList<>(List.of("build", ".", "--docs", "--out", out.toString()));
    if (!console.isText()) {
      words.addAll(List.of("--output", "json"));
    } else if (console.settings().color()) {
      words.addAll(List.of("--color", "always"));
    }
    if (quiet) {
      words.add("--quiet");
    }
    ProcessBuilder builder = rayac(project, words);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      Thread errors =
          Thread.ofVirtual().start(() -> copy(process.getErrorStream(), console.streams().err()));
      byte[] answer = process.getInputStream().readNBytes(MAX_ANSWER_BYTES);
      int exit = end(process);
      errors.join();
      List<Finding> findings = console.isText() ? List.of() : CompilerAnswer.read(answer);
      if (exit != 0) {
        throw new BuildFailure(exit, findings);
      }
      return findings;
    } catch (IOException unstartable) {
      throw Failure.of(unstartable);
    }
  }

  private static void copy(InputStream from, OutputStream to) {
    try {
      from.transferTo(to);
      to.flush();
    } catch (IOException ended) {
      // What the process could not say any more is not worth failing for; its exit code counts.
      return;
    }
  }

  private static int end(Process process) throws InterruptedException {
    try {
      return process.waitFor();
    } catch (InterruptedException interrupted) {
      process.destroy();
      throw interrupted;
    }
  }
}
