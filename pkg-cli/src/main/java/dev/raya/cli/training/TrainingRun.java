package dev.raya.cli.training;

import dev.raya.cli.console.Environment;
import dev.raya.cli.console.Streams;
import dev.raya.cli.pm.RayaPm;
import dev.raya.cli.raya.Raya;
import dev.raya.cli.rayac.Rayac;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the frequent commands of all three programs once, in one process, so that the JVM records
 * which classes they load. Nothing here reaches the user's home, or a network but a registry of its
 * own on loopback.
 */
public final class TrainingRun {
  private static final String PROGRAM =
      """
      import { args } from "raya:process";

      class Greeter {
        constructor(private readonly greeting: string) {}

        greet(name: string): string {
          return `${this.greeting}, ${name}`;
        }
      }

      function main(): void {
        const counts = new Map<string, int>();
        counts.set("a", 1);
        const greeter = new Greeter("hello");
        const names: string[] = ["world"];
        for (const name of names) {
          console.log(greeter.greet(name));
        }
        try {
          throw new Error("caught");
        } catch (e) {
          console.log(`${args.length}`);
        }
      }
      """;

  /** Parts of the long program, of about 120 lines each. */
  private static final int LONG_PARTS = 40;

  /** A program of the toolchain. */
  private interface Run {
    int run(List<String> words, Streams streams, Environment environment);
  }

  private final Environment environment;

  private TrainingRun(Environment environment) {
    this.environment = environment;
  }

  /**
   * Runs the commands.
   *
   * @param args an empty folder for their files
   * @throws IOException if a file cannot be written
   */
  public static void main(String[] args) throws IOException {
    Path work = Path.of(args[0]).toAbsolutePath().normalize();
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.keySet().removeIf(name -> name.startsWith("RAYA_"));
    variables.put("RAYA_HOME", work.resolve("home").toString());
    new TrainingRun(Environment.ofProcess(variables, System.getProperties()).in(work)).train(work);
  }

  private void train(Path work) throws IOException {
    Files.writeString(work.resolve("hello.raya"), PROGRAM);
    expect(0, RayaPm::run, "--version");
    expect(0, RayaPm::run, "--help");
    expect(0, Rayac::run, "compile", "hello.raya", "-o", "hello.rbin");
    expect(0, Raya::run, "hello.rbin");
    expect(0, Rayac::run, "run", "hello.raya");
    expect(0, RayaPm::run, "init", "app", "--app");
    Environment project = environment.in(work.resolve("app"));
    run(project, 0, RayaPm::run, "install", "--offline");
    run(project, 0, RayaPm::run, "install", "--offline");
    run(project, 0, Rayac::run, "build");
    install(work);
    Files.writeString(work.resolve("wrong.raya"), "const n: int = \"one\";\n");
    expect(1, Rayac::run, "check", "wrong.raya");
    Files.writeString(work.resolve("long.raya"), TrainingProgram.text(LONG_PARTS));
    expect(0, Rayac::run, "check", "long.raya");
    expect(0, Rayac::run, "compile", "long.raya", "-o", "long.rbin");
  }

  /** An install from a registry: cold, with nothing to do, elsewhere, and one package less. */
  private void install(Path work) throws IOException {
    Files.writeString(
        work.resolve("lib.raya"), "export function twice(n: int): int { return n * 2; }\n");
    expect(0, Rayac::run, "compile", "lib.raya", "-o", "lib.rbin");
    try (TrainingRegistry registry =
        new TrainingRegistry(Files.readAllBytes(work.resolve("lib.rbin")))) {
      expect(0, RayaPm::run, "init", "user", "--app");
      Environment user = environment.in(work.resolve("user"));
      run(user, 0, RayaPm::run, "add", TrainingRegistry.TOP, "--registry", registry.url());
      run(user, 0, RayaPm::run, "install", "--registry", registry.url());
      Files.delete(work.resolve("user/.raya/install.json"));
      run(user, 0, RayaPm::run, "install", "--frozen", "--registry", registry.url());
      Files.delete(work.resolve("user/raya.lock"));
      run(user, 0, RayaPm::run, "install", "--registry", registry.url());
      run(user, 0, RayaPm::run, "remove", TrainingRegistry.TOP, "--registry", registry.url());
    }
  }

  private void expect(int exit, Run program, String... words) {
    run(environment, exit, program, words);
  }

  private static void run(Environment where, int exit, Run program, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PrintStream print = new PrintStream(out, false, StandardCharsets.UTF_8)) {
      Streams streams = Streams.of(new ByteArrayInputStream(new byte[0]), print, print);
      int code = program.run(List.of(words), streams, where);
      print.flush();
      if (code != exit) {
        throw new IllegalStateException(
            String.join(" ", words)
                + ": expected exit code "
                + exit
                + ", found "
                + code
                + "\n"
                + out.toString(StandardCharsets.UTF_8));
      }
    }
  }
}
