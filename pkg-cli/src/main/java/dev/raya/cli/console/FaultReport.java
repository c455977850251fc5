package dev.raya.cli.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report file of an internal fault (exit 70): what ran where, and the stack. It names no
 * environment variable, since those hold tokens.
 */
final class FaultReport {
  private static final int MAX_CAUSES = 16;

  private FaultReport() {}

  /** Writes the report and returns its path, or null if it could not be written anywhere. */
  static @Nullable Path write(
      String program, List<String> words, Environment environment, Throwable fault) {
    String text = text(program, words, environment, fault);
    Instant now = environment.clock().instant();
    String name = "fault-" + now.toEpochMilli() + "-" + ProcessHandle.current().pid() + ".txt";
    for (Path folder : List.of(environment.rayaHome().resolve("tmp"), environment.directory())) {
      Path file = folder.resolve(name);
      if (written(folder, file, text)) {
        return file;
      }
    }
    return null;
  }

  private static boolean written(Path folder, Path file, String text) {
    try {
      Files.createDirectories(folder);
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
      return true;
    } catch (IOException notThere) {
      return false;
    }
  }

  private static String text(
      String program, List<String> words, Environment environment, Throwable fault) {
    StringBuilder stack = new StringBuilder();
    @Nullable Throwable cause = fault;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      stack.append(depth == 0 ? "" : "caused by ").append(cause).append('\n');
      for (StackTraceElement element : cause.getStackTrace()) {
        stack.append("  at ").append(element).append('\n');
      }
      cause = cause.getCause();
    }
    return program
        + " "
        + ProgramVersion.CURRENT
        + "\narguments: "
        + String.join(" ", words)
        + "\ntime: "
        + environment.clock().instant()
        + "\njava: "
        + Runtime.version()
        + "\n\n"
        + stack;
  }
}
