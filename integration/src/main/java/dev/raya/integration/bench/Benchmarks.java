package dev.raya.integration.bench;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Times whole commands as a user starts them. All rows are measured in turn, round after round, so
 * that a machine whose speed drifts disturbs all of them alike; what counts is the ratio of the
 * medians.
 */
public final class Benchmarks {
  private static final int DEFAULT_ROUNDS = 15;
  private static final String NODE = "node -e 0";

  private final PrintStream out;
  private final Path root;
  private final Path work;
  private final Path bin;

  private Benchmarks(PrintStream out, Path root, Path work) {
    this.out = out;
    this.root = root;
    this.work = work;
    this.bin = root.resolve("toolchain-bundler/target/toolchain/bin");
  }

  /** A command that is timed: what to do before each run, untimed, and the run. */
  private record Row(String name, Step before, Step run) {}

  private interface Step {
    void run() throws IOException;
  }

  /**
   * Runs the benchmarks.
   *
   * @param args {@code --root DIR}, {@code --smoke} or {@code --rounds N}
   * @throws IOException if a command fails
   */
  public static void main(String[] args) throws IOException {
    List<String> arguments = Arrays.asList(args);
    Path root = Path.of(value(arguments, "--root").orElse(".")).toAbsolutePath().normalize();
    int rounds =
        arguments.contains("--smoke")
            ? 1
            : value(arguments, "--rounds").map(Integer::parseInt).orElse(DEFAULT_ROUNDS);
    Path work = Files.createTempDirectory("raya-bench-");
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      new Benchmarks(out, root, work).run(rounds);
    } finally {
      Trees.remove(work);
    }
  }

  private static Optional<String> value(List<String> arguments, String name) {
    int at = arguments.indexOf(name);
    return at < 0 || at + 1 >= arguments.size()
        ? Optional.empty()
        : Optional.of(arguments.get(at + 1));
  }

  private void run(int rounds) throws IOException {
    Path log = work.resolve("registry.log");
    try (RegistryProcess registry =
        RegistryProcess.start(
            root.resolve("registry-server/target/registry/bin/raya-registry"),
            work.resolve("data"),
            0,
            log)) {
      Path app = prepare(registry);
      List<Row> rows = rows(registry, app);
      Map<String, double[]> times = new LinkedHashMap<>();
      for (Row row : rows) {
        times.put(row.name(), new double[rounds]);
      }
      // One round that is not counted, so that every file was read once.
      for (int round = -1; round < rounds; round++) {
        for (Row row : rows) {
          row.before().run();
          long start = System.nanoTime();
          row.run().run();
          double millis = (System.nanoTime() - start) / 1e6;
          if (round >= 0) {
            times.getOrDefault(row.name(), new double[rounds])[round] = millis;
          }
        }
      }
      List<Measurement> measured = new ArrayList<>();
      times.forEach((name, millis) -> measured.add(new Measurement(name, millis)));
      print(measured, rounds);
    }
  }

  private Path prepare(RegistryProcess registry) throws IOException {
    Programs admin =
        Programs.of(root.resolve("registry-server/target/registry/bin"), work.resolve("admin"));
    String token =
        ok(admin.run(
                work,
                "raya-registry",
                "token",
                "create",
                "--data-dir",
                work.resolve("data").toString(),
                "--user",
                "bench"))
            .out()
            .strip();
    Programs publisher =
        Programs.of(bin, work.resolve("publisher"))
            .with("RAYA_REGISTRY", registry.url())
            .with("RAYA_TOKEN", token);
    for (String library : List.of("tally", "report")) {
      Path copy = work.resolve(library);
      Trees.copy(root.resolve("integration/examples").resolve(library), copy);
      ok(publisher.run(copy, "raya-pm", "publish"));
    }
    Programs user = user(registry);
    Path app = work.resolve("app");
    ok(user.run(work, "raya-pm", "init", app.toString(), "--app"));
    ok(user.run(app, "raya-pm", "add", "report", "tally"));
    Files.copy(
        root.resolve("integration/examples/wordcount/src/main.raya"),
        app.resolve("src/main.raya"),
        StandardCopyOption.REPLACE_EXISTING);
    Path hello = work.resolve("hello.raya");
    Files.writeString(hello, "console.log(\"hello, world\");\n");
    ok(user.run(work, "rayac", "compile", hello.toString(), "-o", "hello.rbin"));
    return app;
  }

  private Programs user(RegistryProcess registry) {
    return Programs.of(bin, work.resolve("user")).with("RAYA_REGISTRY", registry.url());
  }

  private List<Row> rows(RegistryProcess registry, Path app) {
    Programs user = user(registry);
    List<Row> rows = new ArrayList<>();
    Step nothing = () -> {};
    for (List<String> peer : List.of(List.of("node", "-e", "0"), List.of("npm", "--version"))) {
      if (onPath(peer.getFirst())) {
        rows.add(new Row(String.join(" ", peer), nothing, () -> runPeer(peer)));
      } else {
        out.println("note: " + peer.getFirst() + " is not on PATH; its row is left out");
      }
    }
    rows.add(row("raya-pm --version", nothing, user, work, "raya-pm", "--version"));
    rows.add(row("raya hello.rbin", nothing, user, work, "raya", "hello.rbin"));
    rows.add(row("raya-pm install (nothing to do)", nothing, user, app, "raya-pm", "install"));
    rows.add(
        row(
            "raya-pm install (no lockfile, warm cache)",
            () -> forgetProject(app),
            user,
            app,
            "raya-pm",
            "install"));
    rows.add(
        row(
            "raya-pm install (no lockfile, empty home)",
            () -> {
              forgetProject(app);
              Trees.remove(work.resolve("user"));
            },
            user,
            app,
            "raya-pm",
            "install"));
    return rows;
  }

  private static Row row(
      String name, Step before, Programs programs, Path directory, String program, String... args) {
    return new Row(name, before, () -> ok(programs.run(directory, program, args)));
  }

  private static void forgetProject(Path app) throws IOException {
    Files.deleteIfExists(app.resolve("raya.lock"));
    Trees.remove(app.resolve(".raya"));
  }

  private static void runPeer(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(String.join(" ", command) + " ended with " + process.exitValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static boolean onPath(String program) {
    String path = System.getenv("PATH");
    return path != null
        && Arrays.stream(path.split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static Programs.Outcome ok(Programs.Outcome outcome) throws IOException {
    if (outcome.exit() != 0) {
      throw new IOException(
          "expected exit code 0, found " + outcome.exit() + "\n" + outcome.out() + outcome.err());
    }
    return outcome;
  }

  private void print(List<Measurement> rows, int rounds) {
    double node =
        rows.stream()
            .filter(row -> row.name().equals(NODE))
            .mapToDouble(Measurement::median)
            .findFirst()
            .orElse(Double.NaN);
    out.printf(
        Locale.ROOT,
        "%d processors, Java %s, %d rounds, wall milliseconds%n%n",
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        rounds);
    out.println("| command | median | min | max | / node -e 0 |");
    out.println("| --- | ---: | ---: | ---: | ---: |");
    for (Measurement row : rows) {
      out.printf(
          Locale.ROOT,
          "| %s | %.0f | %.0f | %.0f | %s |%n",
          row.name(),
          row.median(),
          row.minimum(),
          row.maximum(),
          Double.isNaN(node) ? "–" : String.format(Locale.ROOT, "%.2f", row.median() / node));
    }
  }
}
