package dev.raya.cli.console;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * What a program run in this process left.
 *
 * @param exit its exit code
 * @param out its standard output
 * @param err its standard error
 */
record Invoked(int exit, String out, String err) {
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-06T12:00:00Z"));

  /** Runs a program without terminals in a directory, with these variables. */
  static Invoked run(
      CommandSpec spec, Path directory, Map<String, String> variables, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        new Program(spec, Program.UserOutput.NONE)
            .run(List.of(words), streams(out, err), environment(directory, variables));
    return new Invoked(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  static Environment environment(Path directory, Map<String, String> variables) {
    return new Environment(variables, directory, directory, null, CLOCK);
  }

  static Streams streams(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return Streams.of(
        new ByteArrayInputStream(new byte[0]),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
