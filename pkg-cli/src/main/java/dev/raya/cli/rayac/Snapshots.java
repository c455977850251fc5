package dev.raya.cli.rayac;

import dev.raya.cli.console.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The snapshots of a file of tests, {@code __snapshots__/FILE.snap} beside it (stdlib.md 6): a
 * heading line {@code # NAME} for each, then its lines after a bar. Sorted by name, so that
 * versions compare well.
 */
final class Snapshots {
  private static final String FOLDER = "__snapshots__";
  private static final String SUFFIX = ".snap";
  private static final long MAX_BYTES = 16L << 20;

  private Snapshots() {}

  static Path fileOf(Path suite) {
    return suite.resolveSibling(FOLDER).resolve(suite.getFileName() + SUFFIX);
  }

  /** The snapshots by name; empty if there is no file. */
  static Map<String, String> read(Path suite) throws CommandException {
    Path file = fileOf(suite);
    Map<String, String> snapshots = new TreeMap<>();
    if (!Files.isRegularFile(file)) {
      return snapshots;
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException(file + " is longer than " + MAX_BYTES + " bytes");
      }
      String name = null;
      StringBuilder text = new StringBuilder();
      for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\r?\n", -1)) {
        if (line.startsWith("# ")) {
          if (name != null) {
            snapshots.put(name, text.toString());
          }
          name = line.substring(2);
          text = new StringBuilder();
        } else if (line.startsWith("|")) {
          text.append(text.isEmpty() ? "" : "\n");
          text.append(line.startsWith("| ") ? line.substring(2) : line.substring(1));
        }
      }
      if (name != null) {
        snapshots.put(name, text.toString());
      }
      return snapshots;
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }

  /** Writes the snapshots; without any there is no file. */
  static void write(Path suite, Map<String, String> snapshots) throws CommandException {
    Path file = fileOf(suite);
    StringBuilder text = new StringBuilder();
    new TreeMap<>(snapshots)
        .forEach(
            (name, value) -> {
              text.append(text.isEmpty() ? "" : "\n").append("# ").append(name).append('\n');
              for (String line : value.split("\n", -1)) {
                text.append(line.isEmpty() ? "|" : "| ").append(line).append('\n');
              }
            });
    try {
      if (snapshots.isEmpty()) {
        Files.deleteIfExists(file);
      } else {
        Files.createDirectories(file.toAbsolutePath().getParent());
        CompileCommand.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }
}
