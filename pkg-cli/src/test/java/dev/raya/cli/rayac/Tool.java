package dev.raya.cli.rayac;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.Streams;
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
import java.util.List;
import java.util.Map;

/** The program {@code rayac} in a folder of its own, run in this process. */
record Tool(Path folder) {
  /** What runs: words, streams and environment to an exit code. */
  interface Main {
    int run(List<String> words, Streams streams, Environment environment);
  }

  /** What came of a run. */
  record Outcome(int code, String out, String err) {
    /** Standard output as a document. */
    Json.Obj json() {
      try {
        return (Json.Obj) JsonReader.read(out.getBytes(StandardCharsets.UTF_8));
      } catch (JsonException e) {
        throw new AssertionError(out, e);
      }
    }

    /** The envelope's result. */
    Json.Obj result() {
      return (Json.Obj) java.util.Objects.requireNonNull(json().members().get("result"));
    }
  }

  /** Writes a file. */
  Tool file(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text, StandardCharsets.UTF_8);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a file. */
  String text(String name) {
    try {
      return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A project of one package. */
  Tool project() {
    return file(
        "raya.toml", "[package]\nname = \"demo\"\nversion = \"1.0.0\"\nmain = \"src/main.raya\"\n");
  }

  Outcome run(String... words) {
    return runWith("", words);
  }

  Outcome runWith(String input, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = run(input, out, err, words);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a command whose output is looked at while it runs. */
  int run(String input, OutputStream out, OutputStream err, String... words) {
    return run(Rayac::run, input, out, err, words);
  }

  /** Runs a program beside the real one. */
  Outcome runOf(Main main, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code = run(main, "", out, err, words);
    return new Outcome(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private int run(Main main, String input, OutputStream out, OutputStream err, String... words) {
    Environment environment =
        new Environment(
            Map.of("RAYA_HOME", folder.resolve(".home").toString()),
            folder,
            folder,
            null,
            InstantSource.system());
    Streams streams =
        Streams.of(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    int code = main.run(List.of(words), streams, environment);
    streams.out().flush();
    return code;
  }
}
