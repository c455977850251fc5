package dev.raya.cli.pm.testing;

import dev.raya.cli.console.ArgumentParser;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.OutputSettings;
import dev.raya.cli.console.Streams;
import dev.raya.cli.pm.RayaPm;
import dev.raya.cli.pm.Session;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code raya-pm} run in this process, in a folder with a home and a project.
 *
 * @param folder where everything lies
 * @param variables environment variables
 * @param toolchain a toolchain's folder, or null
 */
public record Pm(Path folder, Map<String, String> variables, @Nullable Path toolchain) {
  /**
   * What a run left.
   *
   * @param exit exit code
   * @param out standard output
   * @param err standard error
   */
  public record Outcome(int exit, String out, String err) {}

  /** A home and a project below a folder. */
  public static Pm in(Path folder) {
    return new Pm(folder, Map.of("RAYA_HOME", folder.resolve("home").toString(), "CI", "1"), null);
  }

  /** The same with a variable. */
  public Pm with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new Pm(folder, more, toolchain);
  }

  /** The same with a registry. */
  public Pm at(TestRegistry registry) {
    return with("RAYA_REGISTRY", registry.origin());
  }

  /** The same with a toolchain. */
  public Pm using(Path toolchainFolder) {
    return new Pm(folder, variables, toolchainFolder);
  }

  /** The project's folder. */
  public Path project() {
    return folder.resolve("app");
  }

  /** The home's folder. */
  public Path home() {
    return Path.of(variables.getOrDefault("RAYA_HOME", ""));
  }

  /** Writes the project's manifest with these lines of dependencies. */
  public Pm project(String... dependencies) {
    StringBuilder text = new StringBuilder();
    text.append("[package]\nname = \"app\"\nversion = \"0.1.0\"\nmain = \"src/main.raya\"\n");
    text.append("\n[dependencies]\n");
    for (String line : dependencies) {
      text.append(line).append('\n');
    }
    write("raya.toml", text.toString());
    return this;
  }

  /** Writes a file of the project. */
  public void write(String path, String text) {
    try {
      Path file = project().resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a file of the project. */
  public String read(String path) {
    try {
      return Files.readString(project().resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the program in the project's folder. */
  public Outcome run(String... words) {
    return run("", "", words);
  }

  /** Runs the program with something on its standard input, which is no terminal. */
  public Outcome runWith(String input, String... words) {
    return run("", input, words);
  }

  /** Runs the program in a folder of the project. */
  public Outcome runIn(String inner, String... words) {
    return run(inner, "", words);
  }

  /**
   * What an install of the project works with; nobody hears what it says.
   *
   * @throws CommandException if a setting is malformed
   */
  public Session session() throws CommandException {
    Streams streams = streams("", new ByteArrayOutputStream(), new ByteArrayOutputStream());
    Environment environment = environment("");
    Arguments arguments = ArgumentParser.parse(RayaPm.spec(), List.of("install"), environment);
    return Session.of(
        arguments,
        new Console(
            "install", streams, environment, OutputSettings.of(arguments, streams, Map.of())));
  }

  private static Streams streams(String input, OutputStream out, OutputStream err) {
    return Streams.of(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private Environment environment(String inner) {
    return new Environment(
        variables, project().resolve(inner), folder, toolchain, InstantSource.system());
  }

  private Outcome run(String inner, String input, String[] words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit = RayaPm.run(List.of(words), streams(input, out, err), environment(inner));
    return new Outcome(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
