package dev.raya.integration.bench;

import dev.raya.integration.bench.Peer.Scenario;
import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.RegistryProcess;
import dev.raya.integration.demo.Trees;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Times whole installs of a generated closure by Raya and by Bun, pnpm, npm and Cargo as far as
 * they are found, every command in turn, round after round; what counts are the ratios of the
 * medians.
 */
public final class InstallBenchmarks {
  private static final long FAR_MILLIS = 30;
  private static final Path TIME = Path.of("/usr/bin/time");

  private final PrintStream out;
  private final Path root;
  private final Path work;
  private final int rounds;
  private final List<String> only;

  private InstallBenchmarks(PrintStream out, Path root, Path work, int rounds, List<String> only) {
    this.out = out;
    this.root = root;
    this.work = work;
    this.rounds = rounds;
    this.only = only;
  }

  /** Wall and processor milliseconds and peak memory of one run. */
  private record Run(double wall, double cpu, double mebibytes) {}

  /** A package manager with the addresses of its registry. */
  private record Contender(Peer peer, String near, String far) {}

  /**
   * Runs the benchmarks.
   *
   * @param args {@code --root DIR}, {@code --size N}, {@code --rounds N}, {@code --work DIR},
   *     {@code --peers DIR} (where bun and pnpm lie), {@code --only SCENARIO,…}
   * @throws Exception if a command fails
   */
  public static void main(String[] args) throws Exception {
    List<String> arguments = Arrays.asList(args);
    Path root = Path.of(value(arguments, "--root").orElse(".")).toAbsolutePath().normalize();
    int size = value(arguments, "--size").map(Integer::parseInt).orElse(300);
    int rounds = value(arguments, "--rounds").map(Integer::parseInt).orElse(5);
    Path parent = Path.of(value(arguments, "--work").orElse(System.getProperty("java.io.tmpdir")));
    Path work = Files.createTempDirectory(parent, "raya-bench-");
    List<String> only =
        value(arguments, "--only").map(list -> List.of(list.split(","))).orElse(List.of());
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      new InstallBenchmarks(out, root, work, rounds, only)
          .run(size, value(arguments, "--peers").map(Path::of).orElse(null));
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

  private void run(int size, @Nullable Path peers) throws Exception {
    Universe universe = Universe.of(size);
    try (RegistryProcess registry =
            RegistryProcess.start(
                root.resolve("registry-server/target/registry/bin/raya-registry"),
                work.resolve("data"),
                0,
                work.resolve("registry.log"));
        DelayingProxy far = new DelayingProxy(registry.port(), FAR_MILLIS);
        PeerRegistry near = new PeerRegistry(universe, 0);
        PeerRegistry distant = new PeerRegistry(universe, FAR_MILLIS)) {
      long start = System.nanoTime();
      new RayaLoader(registry.url(), token()).load(universe);
      out.printf(
          Locale.ROOT,
          "%d packages published in %.0f s%n",
          universe.packages().size() * Universe.VERSIONS.size(),
          (System.nanoTime() - start) / 1e9);
      List<Contender> contenders = new ArrayList<>();
      String removed = universe.roots().getLast();
      contenders.add(
          new Contender(
              Peer.raya(root.resolve("toolchain-bundler/target/toolchain/bin/raya-pm"), removed),
              registry.url(),
              "http://127.0.0.1:" + far.port()));
      Map<String, Optional<Path>> found = new LinkedHashMap<>();
      for (String name : List.of("bun", "pnpm", "npm", "cargo")) {
        found.put(name, find(name, peers));
        if (found.get(name).isEmpty()) {
          out.println("note: " + name + " is not there; its rows are left out");
        }
      }
      found
          .getOrDefault("bun", Optional.empty())
          .map(p -> Peer.bun(p, removed))
          .ifPresent(p -> contenders.add(new Contender(p, near.url(), distant.url())));
      found
          .getOrDefault("pnpm", Optional.empty())
          .map(p -> Peer.pnpm(p, removed))
          .ifPresent(p -> contenders.add(new Contender(p, near.url(), distant.url())));
      found
          .getOrDefault("npm", Optional.empty())
          .map(p -> Peer.npm(p, removed))
          .ifPresent(p -> contenders.add(new Contender(p, near.url(), distant.url())));
      found
          .getOrDefault("cargo", Optional.empty())
          .map(p -> Peer.cargo(p, removed))
          .ifPresent(p -> contenders.add(new Contender(p, near.url(), distant.url())));
      for (Contender each : contenders) {
        prepare(each, universe);
      }
      measure(contenders, size);
    }
  }

  private String token() throws IOException {
    Programs admin =
        Programs.of(root.resolve("registry-server/target/registry/bin"), work.resolve("admin"));
    Programs.Outcome outcome =
        admin.run(
            work,
            "raya-registry",
            "token",
            "create",
            "--data-dir",
            work.resolve("data").toString(),
            "--user",
            "bench");
    if (outcome.exit() != 0) {
      throw new IOException("no token: " + outcome.err());
    }
    return outcome.out().strip();
  }

  private static Optional<Path> find(String program, @Nullable Path peers) {
    List<Path> folders = new ArrayList<>();
    if (peers != null) {
      folders.add(peers.resolve("node_modules/.bin"));
    }
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(":")) {
      folders.add(Path.of(folder));
    }
    return folders.stream()
        .map(folder -> folder.resolve(program).toAbsolutePath())
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Path home(Peer peer) {
    return work.resolve(peer.name()).resolve("home");
  }

  private Path project(Peer peer) {
    return work.resolve(peer.name()).resolve("project");
  }

  /** Installs once, and keeps home and project as they then are. */
  private void prepare(Contender contender, Universe universe) throws Exception {
    Peer peer = contender.peer();
    Files.createDirectories(home(peer));
    Files.createDirectories(project(peer));
    peer.project().write(project(peer), universe.roots(), contender.near());
    time(contender, Scenario.COLD);
    copy(home(peer), kept(peer, "home"));
    copy(project(peer), kept(peer, "project"));
  }

  private Path kept(Peer peer, String what) {
    return work.resolve(peer.name()).resolve("kept-" + what);
  }

  private void restore(Contender contender, Scenario scenario) throws Exception {
    Peer peer = contender.peer();
    boolean emptyHome =
        scenario == Scenario.COLD
            || scenario == Scenario.COLD_FAR
            || scenario == Scenario.FROZEN_COLD;
    Trees.remove(home(peer));
    if (emptyHome) {
      Files.createDirectories(home(peer));
    } else {
      copy(kept(peer, "home"), home(peer));
    }
    Trees.remove(project(peer));
    copy(kept(peer, "project"), project(peer));
    if (scenario != Scenario.NOOP && scenario != Scenario.ADD && scenario != Scenario.REMOVE) {
      for (String tree : peer.tree()) {
        Trees.remove(project(peer).resolve(tree));
      }
    }
    if (scenario == Scenario.COLD || scenario == Scenario.COLD_FAR) {
      Path lock = project(peer).resolve(peer.lock().getFirst());
      Files.deleteIfExists(lock);
      if (scenario == Scenario.COLD_FAR) {
        List<String> roots = new ArrayList<>();
        for (int i = 0; i < Universe.of(size).roots().size(); i++) {
          roots.add(Universe.of(size).roots().get(i));
        }
        peer.project().write(project(peer), roots, contender.far());
      }
    }
  }

  private int size;

  private static void copy(Path from, Path to) throws Exception {
    Process process = new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start();
    if (process.waitFor() != 0) {
      throw new IOException("cp -a " + from + " failed");
    }
  }

  private void measure(List<Contender> contenders, int closure) throws Exception {
    size = closure;
    Map<Scenario, Map<String, List<Run>>> runs = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Scenario scenario : Scenario.values()) {
        if (!only.isEmpty() && !only.contains(scenario.name().toLowerCase(Locale.ROOT))) {
          continue;
        }
        for (Contender contender : contenders) {
          restore(contender, scenario);
          runs.computeIfAbsent(scenario, s -> new LinkedHashMap<>())
              .computeIfAbsent(contender.peer().name(), n -> new ArrayList<>())
              .add(time(contender, scenario));
        }
      }
    }
    print(runs);
  }

  private Run time(Contender contender, Scenario scenario) throws Exception {
    Peer peer = contender.peer();
    Path figures = work.resolve("figures");
    Path output = work.resolve("output");
    List<String> command = new ArrayList<>();
    boolean measures = Files.isExecutable(TIME);
    if (measures) {
      command.addAll(List.of(TIME.toString(), "-q", "-o", figures.toString(), "-f", "%U %S %M"));
    }
    command.addAll(peer.commands().getOrDefault(scenario, List.of()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(project(peer).toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("RAYA_") || name.startsWith("npm_") || name.equals("CI"));
    builder
        .environment()
        .putAll(
            peer.environment()
                .of(
                    scenario == Scenario.COLD_FAR ? contender.far() : contender.near(),
                    home(peer)));
    long start = System.nanoTime();
    Process process = builder.start();
    process.getOutputStream().close();
    if (process.waitFor() != 0) {
      throw new IOException(
          String.join(" ", command)
              + " ended with "
              + process.exitValue()
              + "\n"
              + Files.readString(output));
    }
    double wall = (System.nanoTime() - start) / 1e6;
    if (!measures) {
      return new Run(wall, Double.NaN, Double.NaN);
    }
    String[] words = Files.readString(figures).strip().split(" ");
    return new Run(
        wall,
        1000 * (Double.parseDouble(words[0]) + Double.parseDouble(words[1])),
        Double.parseDouble(words[2]) / 1024);
  }

  private void print(Map<Scenario, Map<String, List<Run>>> runs) {
    out.printf(
        Locale.ROOT,
        "%n%d packages, %d processors, Java %s, %d rounds, medians: wall ms (CPU ms, peak MiB); ratio to Bun%n",
        size,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        rounds);
    boolean first = true;
    for (Map.Entry<Scenario, Map<String, List<Run>>> row : runs.entrySet()) {
      if (first) {
        out.println(
            "\n| install | " + String.join(" | ", row.getValue().keySet()) + " | raya-pm / Bun |");
        out.println("| --- |" + " ---: |".repeat(row.getValue().size() + 1));
        first = false;
      }
      StringBuilder line = new StringBuilder("| " + row.getKey().label());
      row.getValue()
          .forEach(
              (name, each) ->
                  line.append(
                      String.format(
                          Locale.ROOT,
                          " | %.0f (%.0f, %.0f)",
                          median(each.stream().mapToDouble(Run::wall).toArray()),
                          median(each.stream().mapToDouble(Run::cpu).toArray()),
                          median(each.stream().mapToDouble(Run::mebibytes).toArray()))));
      List<Run> raya = row.getValue().getOrDefault("raya-pm", List.of());
      List<Run> bun = row.getValue().getOrDefault("Bun", List.of());
      out.println(
          line
              + (bun.isEmpty()
                  ? " | – |"
                  : String.format(
                      Locale.ROOT,
                      " | %.2f |",
                      median(raya.stream().mapToDouble(Run::wall).toArray())
                          / median(bun.stream().mapToDouble(Run::wall).toArray()))));
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int n = values.length;
    return n == 0
        ? Double.NaN
        : n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
  }
}
