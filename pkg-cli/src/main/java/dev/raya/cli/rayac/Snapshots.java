package dev.raya.cli.rayac;

import dev.raya.cli.console.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The snapshots of a file of tests, {@code __snapshots__/FILE.snap} beside it (stdlib.md 6): a
 * heading line {@code # NAME} for each, then its lines after a bar. Sorted by name, so that
 * versions compare well. Where a name has line ends or a line has a carriage return, a backslash
 * follows the {@code #} or the bar, and they stand as {@code \n} and {@code \r}, backslashes as
 * {@code \\}; so a carriage return at the end of a line is never of the snapshot and may come from
 * a version control system.
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
      List<String> lines = new ArrayList<>();
      for (String line : Files.readString(file, StandardCharsets.UTF_8).split("\r?\n", -1)) {
        if (line.startsWith("# ") || line.startsWith("#\\ ")) {
          if (name != null) {
            snapshots.put(name, String.join("\n", lines));
          }
          name = content(line);
          lines.clear();
        } else if (line.startsWith("|")) {
          lines.add(content(line));
        }
      }
      if (name != null) {
        snapshots.put(name, String.join("\n", lines));
      }
      return snapshots;
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }

  private static String line(char sign, String content) {
    if (content.isEmpty()) {
      return String.valueOf(sign);
    }
    return content.indexOf('\n') < 0 && content.indexOf('\r') < 0
        ? sign + " " + content
        : sign + "\\ " + content.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String content(String line) {
    if (!line.startsWith("\\ ", 1)) {
      return line.substring(line.startsWith(" ", 1) ? 2 : 1);
    }
    StringBuilder out = new StringBuilder();
    for (int i = 3; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        char next = line.charAt(++i);
        out.append(next == 'n' ? '\n' : next == 'r' ? '\r' : next);
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** Writes the snapshots; without any there is no file. */
  static void write(Path suite, Map<String, String> snapshots) throws CommandException {
    Path file = fileOf(suite);
    StringBuilder text = new StringBuilder();
    new TreeMap<>(snapshots)
        .forEach(
            (name, value) -> {
              text.append(text.isEmpty() ? "" : "\n");
              text.append(name.isEmpty() ? "# " : line('#', name)).append('\n');
              for (String each : value.split("\n", -1)) {
                text.append(line('|', each)).append('\n');
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
