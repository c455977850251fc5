package dev.raya.registry.ops;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Commands of {@code raya-registry} on the registry under test, beside the running server. */
public final class CommandsForTests {
  private CommandsForTests() {}

  /**
   * What a command came to.
   *
   * @param exit its exit code
   * @param text what it printed on both streams
   */
  public record Result(int exit, String text) {}

  /** Runs a command. */
  public static Result run(String... words) throws IOException {
    List<String> line = new ArrayList<>(List.of(words));
    line.add("--data-dir");
    line.add(RunningRegistry.directory().root().toString());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    int exit =
        new CommandLine(out, out, new SecureRandom(), InstantSource.system(), options -> 1)
            .run(line);
    return new Result(exit, bytes.toString(StandardCharsets.UTF_8));
  }
}
