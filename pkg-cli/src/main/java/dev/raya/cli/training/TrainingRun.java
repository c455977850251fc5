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

  private static final String ALL = "all";
  private static final String INSTALL = "install";
  private static final String IDLE = "idle";
  private static final String CHECK = "check";
  private static final String COMPILE = "compile";

  private static final String APP = "app";
  private static final String APP_SOURCE = "app/src/main.raya";
  private static final String FORCE = "--force";
  private static final String WRONG = "wrong.raya";
  private static final String LONG = "long.raya";

  private static final String LIBRARY = "lib.rbin";

  /** The project that is left as an install has finished it. */
  private static final String FINISHED = "finished";

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
   * @param args which, {@code all}, {@code install}, {@code idle}, {@code check} or {@code
   *     compile}; and a folder for the files of all of them, which run in this order
   * @throws IOException if a file cannot be written
   */
  public static void main(String[] args) throws IOException {
    Path root = Path.of(args[1]).toAbsolutePath().normalize();
    boolean packages = args[0].equals(INSTALL) || args[0].equals(IDLE);
    Path work = root.resolve(packages ? INSTALL : ALL);
    Files.createDirectories(work);
    Map<String, String> variables = new HashMap<>(System.getenv());
    variables.keySet().removeIf(name -> name.startsWith("RAYA_"));
    variables.put("RAYA_HOME", work.resolve("home").toString());
    if (args[0].equals(IDLE)) {
      variables.put("RAYA_REGISTRY", "http://127.0.0.1/");
    }
    new TrainingRun(Environment.ofProcess(variables, System.getProperties()).in(work))
        .train(args[0], root, work);
  }

  private void train(String what, Path root, Path work) throws IOException {
    switch (what) {
      case ALL -> all(work);
      case INSTALL -> install(work, root.resolve(ALL));
      case IDLE -> idle(work);
      case CHECK -> check(work);
      case COMPILE -> compile(work);
      default -> throw new IllegalArgumentException(what);
    }
  }

  private void all(Path work) throws IOException {
    Files.writeString(work.resolve("hello.raya"), PROGRAM);
    expect(0, RayaPm::run, "--version");
    expect(0, RayaPm::run, "--help");
    expect(0, Rayac::run, COMPILE, "hello.raya", "-o", "hello.rbin");
    expect(0, Raya::run, "hello.rbin");
    expect(0, Rayac::run, "run", "hello.raya");
    expect(0, RayaPm::run, "init", APP, "--app");
    Environment project = environment.in(work.resolve(APP));
    run(project, 0, RayaPm::run, "install", "--offline");
    run(project, 0, RayaPm::run, "install", "--offline");
    run(project, 0, Rayac::run, "build");
    check(project, work.resolve(APP_SOURCE));
    Files.writeString(
        work.resolve("lib.raya"), "export function twice(n: int): int { return n * 2; }\n");
    expect(0, Rayac::run, COMPILE, "lib.raya", "-o", LIBRARY);
    install(work, work);
    Files.writeString(work.resolve(WRONG), "const n: int = \"one\";\n");
    expect(1, Rayac::run, CHECK, WRONG);
    Files.writeString(work.resolve(LONG), TrainingProgram.text(LONG_PARTS));
    expect(0, Rayac::run, CHECK, LONG);
    expect(0, Rayac::run, COMPILE, LONG, "-o", "long.rbin");
  }

  /** Checks what lies there after {@link #all}, in a process that loads nothing else. */
  private void check(Path work) throws IOException {
    Environment project = environment.in(work.resolve(APP));
    run(project, 0, Rayac::run, CHECK, FORCE);
    check(project, work.resolve(APP_SOURCE));
    expect(1, Rayac::run, CHECK, WRONG);
    expect(0, Rayac::run, CHECK, LONG);
  }

  /** Likewise makes bytecode. */
  private void compile(Path work) {
    run(environment.in(work.resolve(APP)), 0, Rayac::run, "build", FORCE);
    expect(0, Rayac::run, COMPILE, LONG, "-o", "long.rbin");
  }

  /** Checks of a project: whole, with nothing to do, after an edit. */
  private static void check(Environment project, Path source) throws IOException {
    run(project, 0, Rayac::run, CHECK);
    run(project, 0, Rayac::run, CHECK);
    Files.writeString(source, Files.readString(source) + "// edited\n");
    run(project, 0, Rayac::run, CHECK);
  }

  /**
   * An install from a registry: cold, with nothing to do, elsewhere, verified again, and one
   * package less.
   *
   * @param compiled where the library is that the packages hold, so that no compiler is loaded
   */
  private void install(Path work, Path compiled) throws IOException {
    try (TrainingRegistry registry =
        new TrainingRegistry(Files.readAllBytes(compiled.resolve(LIBRARY)))) {
      expect(0, RayaPm::run, "init", "user", "--app");
      Environment user = environment.in(work.resolve("user"));
      run(user, 0, RayaPm::run, "add", TrainingRegistry.TOP, "--registry", registry.url());
      run(user, 0, RayaPm::run, "install", "--registry", registry.url());
      Files.delete(work.resolve("user/.raya/install.json"));
      run(user, 0, RayaPm::run, "install", "--frozen", "--registry", registry.url());
      run(user, 0, RayaPm::run, "install", "--frozen", "--verify", "--offline");
      run(user, 0, RayaPm::run, "verify", "--offline");
      Files.delete(work.resolve("user/raya.lock"));
      run(user, 0, RayaPm::run, "install", "--registry", registry.url());
      run(user, 0, RayaPm::run, "remove", TrainingRegistry.TOP, "--registry", registry.url());
      expect(0, RayaPm::run, "init", FINISHED, "--app");
      Environment finished = environment.in(work.resolve(FINISHED));
      run(finished, 0, RayaPm::run, "add", TrainingRegistry.TOP, "--registry", registry.url());
    }
  }

  /** Nobody is asked, so no registry need be there; it is set, since most users' is. */
  private void idle(Path work) {
    Environment user = environment.in(work.resolve(FINISHED));
    run(user, 0, RayaPm::run, "install");
    run(user, 0, RayaPm::run, "install", "--frozen");
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
