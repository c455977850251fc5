package dev.raya.cli.pm.settings;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program of the system that speaks to its key store. Secrets go over its standard streams, never
 * over its command line, which other users can see.
 *
 * @param file the program
 * @param environment the surroundings, handed on to it
 */
record KeyStoreProgram(Path file, Environment environment) {
  /** Patience with a program, which may ask its user to unlock the store. */
  private static final int PATIENCE_SECONDS = 60;

  private static final int MAX_OUTPUT = 64 << 10;

  /**
   * What a run left.
   *
   * @param exit exit code
   * @param out standard output
   * @param err standard error
   */
  record Outcome(int exit, String out, String err) {}

  /** The program of that name on the search path, or empty if there is none. */
  static Optional<KeyStoreProgram> onPath(String name, Environment environment) {
    String path = environment.get("PATH");
    if (path == null) {
      return Optional.empty();
    }
    for (String folder : path.split(java.io.File.pathSeparator, -1)) {
      // A relative folder would let a project's own file be run.
      if (!folder.isEmpty() && Path.of(folder).isAbsolute()) {
        Path candidate = Path.of(folder, name);
        if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
          return Optional.of(new KeyStoreProgram(candidate, environment));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Runs it.
   *
   * @param input what it reads; nothing follows
   * @throws CommandException if it cannot be started or does not end in time
   * @throws InterruptedException if the thread was interrupted
   */
  Outcome run(String input, List<String> words) throws CommandException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(file.toString());
    line.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(line).directory(environment.userHome().toFile());
    builder.environment().clear();
    builder.environment().putAll(environment.variables());
    Process process;
    try {
      process = builder.start();
    } catch (IOException unable) {
      throw failed("it cannot be started: " + unable.getMessage());
    }
    try {
      CompletableFuture<String> out = read(process.getInputStream());
      CompletableFuture<String> err = read(process.getErrorStream());
      write(process, input);
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw failed("it did not end within " + PATIENCE_SECONDS + " seconds");
      }
      return new Outcome(
          process.exitValue(),
          out.get(PATIENCE_SECONDS, TimeUnit.SECONDS),
          err.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException unread) {
      throw failed("its output cannot be read");
    } finally {
      process.destroyForcibly();
    }
  }

  private static CompletableFuture<String> read(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8));
              } catch (IOException broken) {
                text.completeExceptionally(broken);
              }
            });
    return text;
  }

  private static void write(Process process, String input) {
    try (OutputStream stream = process.getOutputStream()) {
      stream.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException closed) {
      // It ended without reading; its exit code and error output tell why.
      return;
    }
  }

  private CommandException failed(String why) {
    return new CommandException(
        "RAYA-PKG-017",
        "the key store's program " + file + " failed: " + why,
        "`raya-pm login --store file` keeps the token in credentials.toml");
  }
}
