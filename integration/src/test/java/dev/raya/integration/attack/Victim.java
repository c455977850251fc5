package dev.raya.integration.attack;

import dev.raya.cli.console.Environment;
import dev.raya.cli.console.Streams;
import dev.raya.cli.pm.RayaPm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A user of {@code raya-pm} with an empty home and a project that needs a package.
 *
 * @param folder where home and project lie
 * @param variables environment variables
 * @param clock the machine's clock
 */
record Victim(Path folder, Map<String, String> variables, InstantSource clock) {
  /** What a run left. */
  record Outcome(int exit, String out, String err) {}

  static Victim at(Path folder, String registry) {
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("RAYA_HOME", folder.resolve("home").toString());
    variables.put("CI", "1");
    variables.put("RAYA_REGISTRY", registry);
    Victim victim = new Victim(folder, variables, InstantSource.system());
    victim.write(
        "raya.toml",
        """
        [package]
        name = "app"
        version = "0.1.0"
        main = "src/main.raya"

        [dependencies]
        report = "^1.0"
        """);
    return victim;
  }

  Victim with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new Victim(folder, more, clock);
  }

  Victim at(Instant time) {
    return new Victim(folder, variables, InstantSource.fixed(time));
  }

  Path home() {
    return folder.resolve("home");
  }

  Path project() {
    return folder.resolve("app");
  }

  void write(String path, String text) {
    try {
      Path file = project().resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String path) {
    try {
      return Files.readString(project().resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Outcome run(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        RayaPm.run(
            List.of(words),
            Streams.of(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)),
            new Environment(variables, project(), folder, null, clock));
    return new Outcome(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
