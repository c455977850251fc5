package dev.raya.integration.bench;

import dev.raya.integration.bench.Contest.Contender;
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
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Times whole installs of a generated closure by Raya and by Bun, pnpm, npm and Cargo as far as
 * they are found, every command in turn, round after round; what counts are the ratios of the
 * medians.
 */
public final class InstallBenchmarks {
  private static final long FAR_MILLIS = 30;

  private final PrintStream out;
  private final Path root;
  private final Path work;
  private final int rounds;
  private final List<String> only;
  private final List<String> without;

  private InstallBenchmarks(
      PrintStream out, Path root, Path work, int rounds, List<String> only, List<String> without) {
    this.out = out;
    this.root = root;
    this.work = work;
    this.rounds = rounds;
    this.only = only;
    this.without = without;
  }

  /**
   * Runs the benchmarks.
   *
   * @param args {@code --root DIR}, {@code --size N}, {@code --rounds N}, {@code --work DIR},
   *     {@code --peers DIR} (where bun and pnpm lie), {@code --only SCENARIO,…}, {@code --without
   *     PEER,…}
   * @throws Exception if a command fails
   */
  public static void main(String[] args) throws Exception {
    List<String> arguments = Arrays.asList(args);
    Path root = Path.of(value(arguments, "--root").orElse(".")).toAbsolutePath().normalize();
    int size = value(arguments, "--size").map(Integer::parseInt).orElse(300);
    int rounds = value(arguments, "--rounds").map(Integer::parseInt).orElse(5);
    Path parent = Path.of(value(arguments, "--work").orElse(System.getProperty("java.io.tmpdir")));
    Path work = Files.createTempDirectory(parent, "raya-bench-");
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      new InstallBenchmarks(
              out, root, work, rounds, list(arguments, "--only"), list(arguments, "--without"))
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

  private static List<String> list(List<String> arguments, String name) {
    return value(arguments, name).map(list -> List.of(list.split(","))).orElse(List.of());
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
      List<Contender> contenders =
          contenders(universe.roots().getLast(), peers, registry, far, near, distant);
      Results results = new Results(contenders.stream().map(each -> each.peer().name()).toList());
      try {
        new Contest(out, work, universe, results).run(contenders, rounds, this::isWanted);
      } finally {
        results.print(out, size, rounds);
      }
    }
  }

  private boolean isWanted(Scenario scenario) {
    return only.isEmpty() || only.contains(scenario.name().toLowerCase(Locale.ROOT));
  }

  private List<Contender> contenders(
      String removed,
      @Nullable Path peers,
      RegistryProcess registry,
      DelayingProxy proxy,
      PeerRegistry near,
      PeerRegistry distant) {
    List<Contender> all = new ArrayList<>();
    Path program = root.resolve("toolchain-bundler/target/toolchain/bin/raya-pm");
    String far = "http://127.0.0.1:" + proxy.port();
    for (Peer peer : List.of(Peer.raya(program, removed), Peer.rayaOnJvm(program, removed))) {
      all.add(new Contender(peer, registry.url(), far));
    }
    Map<String, BiFunction<Path, String, Peer>> others = new LinkedHashMap<>();
    others.put("bun", Peer::bun);
    others.put("pnpm", Peer::pnpm);
    others.put("npm", Peer::npm);
    others.put("cargo", Peer::cargo);
    others.keySet().removeAll(without);
    others.forEach(
        (name, peer) ->
            find(name, peers)
                .ifPresentOrElse(
                    path ->
                        all.add(
                            new Contender(peer.apply(path, removed), near.url(), distant.url())),
                    () -> out.println("note: " + name + " is not there; its rows are left out")));
    return all;
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
}
