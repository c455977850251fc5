package dev.raya.integration.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The main job of Raya, told with the programs a user has: publish two libraries, add one to a new
 * application, install, run; then again without registry and network; then with a damaged cache.
 *
 * <p>Every step is checked: the first one that does not do what it says ends the story with its
 * output and exit code 1. Whatever happens, no process is left behind, except with {@code --serve}.
 */
public final class Demo {
  private static final String USER = "demo";
  private static final String REGISTRY = "raya-registry";

  private final PrintStream out;
  private final Path root;
  private final Path work;
  private final Programs publisher;
  private final Programs user;
  private final Path registryBin;
  private final long started = System.nanoTime();
  private long stepStarted;

  private Demo(PrintStream out, Path root, Path work) {
    this.out = out;
    this.root = root;
    this.work = work;
    Path bin = root.resolve("toolchain-bundler/target/toolchain/bin");
    this.publisher = Programs.of(bin, work.resolve("publisher-home"));
    this.user = Programs.of(bin, work.resolve("user-home"));
    this.registryBin = root.resolve("registry-server/target/registry/bin");
  }

  /** A step that did not do what it says. */
  private static final class StepFailed extends Exception {
    private static final long serialVersionUID = 1L;

    StepFailed(String message) {
      super(message);
    }
  }

  /**
   * Tells the story.
   *
   * @param args {@code --root DIR} (the checkout) and optionally {@code --serve}
   * @throws IOException if a working folder cannot be made or removed
   */
  public static void main(String[] args) throws IOException {
    List<String> arguments = Arrays.asList(args);
    int at = arguments.indexOf("--root");
    Path root = Path.of(at < 0 ? "." : arguments.get(at + 1)).toAbsolutePath().normalize();
    Path work = Files.createTempDirectory("raya-demo-");
    Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    boolean serve = arguments.contains("--serve");
    int status = new Demo(out, root, work).run(serve);
    if (!serve || status != 0) {
      Trees.remove(work);
    }
    System.exit(status);
  }

  private int run(boolean serve) throws IOException {
    Path data = work.resolve("registry");
    Path log = work.resolve("registry.log");
    step("start a registry with an empty data directory");
    RegistryProcess registry = RegistryProcess.start(registryBin.resolve(REGISTRY), data, 0, log);
    boolean running = true;
    try {
      done(registry.url());
      String url = registry.url();
      int port = registry.port();
      Path app = publishAndRun(registry, data);

      step("stop the registry");
      registry.close();
      running = false;
      done("no process of it is left");
      runOffline(app, url);
      Path damaged = damageAndFind(app, url);

      step("start the registry again");
      registry = RegistryProcess.start(registryBin.resolve(REGISTRY), data, port, log);
      running = true;
      done(registry.url());
      repair(app, url, damaged);
      if (serve) {
        out.printf(
            "%nThe registry is running at %s (process %d, data in %s).%n"
                + "End it with: kill %d%n",
            registry.url(), registry.pid(), data, registry.pid());
        return 0;
      }
      step("stop the registry");
      registry.close();
      running = false;
      done("no process of it is left");
      out.printf(Locale.ROOT, "%nAll steps done in %.1f s.%n", (System.nanoTime() - started) / 1e9);
      return 0;
    } catch (StepFailed e) {
      out.println();
      out.println("FAILED: " + e.getMessage());
      return 1;
    } finally {
      if (running && !serve) {
        registry.close();
      }
    }
  }

  private Path publishAndRun(RegistryProcess registry, Path data) throws IOException, StepFailed {
    step("make a token for a publisher");
    Programs admin = Programs.of(registryBin, work.resolve("admin-home"));
    Programs.Outcome token =
        admin.run(
            work,
            "raya-registry",
            "token",
            "create",
            "--data-dir",
            data.toString(),
            "--user",
            USER);
    expect("raya-registry token create", token, 0);
    done("token of " + token.out().strip().length() + " characters");

    Programs signed =
        publisher.with("RAYA_REGISTRY", registry.url()).with("RAYA_TOKEN", token.out().strip());
    for (String library : List.of("tally", "report")) {
      step("publish the library " + library);
      Path copy = work.resolve(library);
      Trees.copy(root.resolve("integration/examples").resolve(library), copy);
      show(expect("raya-pm publish", signed.run(copy, "raya-pm", "publish"), 0));
    }

    Programs online = user.with("RAYA_REGISTRY", registry.url());
    Path app = work.resolve("wordcount");
    step("raya-pm init wordcount --app");
    show(expect("raya-pm init", online.run(work, "raya-pm", "init", app.toString(), "--app"), 0));
    step("raya-pm add report tally");
    show(expect("raya-pm add", online.run(app, "raya-pm", "add", "report", "tally"), 0));
    Files.copy(
        root.resolve("integration/examples/wordcount/src/main.raya"),
        app.resolve("src/main.raya"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    step("raya-pm install");
    show(expect("raya-pm install", online.run(app, "raya-pm", "install"), 0));
    step("raya-pm run");
    showProgram(expectOutput(online.run(app, "raya-pm", "run")));
    return app;
  }

  private void runOffline(Path app, String url) throws IOException, StepFailed {
    Programs offline = user.with("RAYA_REGISTRY", url);
    step("delete the outputs; raya-pm install --frozen --offline");
    Trees.remove(app.resolve(".raya"));
    show(
        expect(
            "raya-pm install", offline.run(app, "raya-pm", "install", "--frozen", "--offline"), 0));
    step("raya-pm run --frozen --offline");
    showProgram(expectOutput(offline.run(app, "raya-pm", "run", "--frozen", "--offline")));
  }

  private Path damageAndFind(Path app, String url) throws IOException, StepFailed {
    step("change one byte of a cached file; raya-pm cache verify");
    Path file;
    try (Stream<Path> entries = Files.list(work.resolve("user-home/cache"))) {
      file =
          entries
              .map(entry -> entry.resolve("module.rbin"))
              .filter(Files::exists)
              .min(Comparator.naturalOrder())
              .orElseThrow(() -> new StepFailed("the cache holds no module.rbin"));
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Files.write(file, bytes);
    Programs.Outcome found = user.with("RAYA_REGISTRY", url).run(app, "raya-pm", "cache", "verify");
    show(expect("raya-pm cache verify", found, 3));
    return file;
  }

  private void repair(Path app, String url, Path damaged) throws IOException, StepFailed {
    Programs online = user.with("RAYA_REGISTRY", url);
    step("raya-pm install repairs it");
    show(expect("raya-pm install", online.run(app, "raya-pm", "install"), 0));
    if (!Files.exists(damaged)) {
      throw new StepFailed("expected " + damaged + " to be fetched again");
    }
    show(expect("raya-pm cache verify", online.run(app, "raya-pm", "cache", "verify"), 0));
    step("raya-pm run");
    showProgram(expectOutput(online.run(app, "raya-pm", "run")));
  }

  private Programs.Outcome expectOutput(Programs.Outcome outcome) throws IOException, StepFailed {
    expect("raya-pm run", outcome, 0);
    String expected = Files.readString(root.resolve("integration/examples/wordcount/expected.txt"));
    if (!outcome.out().equals(expected)) {
      throw new StepFailed("expected the output\n" + expected + "found\n" + outcome.out());
    }
    return outcome;
  }

  private static Programs.Outcome expect(String what, Programs.Outcome outcome, int exit)
      throws StepFailed {
    if (outcome.exit() != exit) {
      throw new StepFailed(
          what
              + ": expected exit code "
              + exit
              + ", found "
              + outcome.exit()
              + "\n"
              + outcome.out()
              + outcome.err());
    }
    return outcome;
  }

  private void step(String text) {
    out.println("==> " + text);
    stepStarted = System.nanoTime();
  }

  private void done(String text) {
    out.printf(Locale.ROOT, "    %s (%.2f s)%n", text, (System.nanoTime() - stepStarted) / 1e9);
  }

  private void show(Programs.Outcome outcome) {
    (outcome.out() + outcome.err()).lines().forEach(line -> out.println("    " + line));
    done("done");
  }

  private void showProgram(Programs.Outcome outcome) {
    outcome.out().lines().forEach(line -> out.println("    | " + line));
    done("done");
  }
}
