package dev.raya.integration.bench;

import dev.raya.integration.bench.Peer.Scenario;
import dev.raya.integration.bench.Results.Run;
import dev.raya.integration.demo.Trees;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The commands of package managers, each in turn, round after round. One that fails is reported and
 * left out from then on; what was measured stays.
 */
final class Contest {
  private static final Path TIME = Path.of("/usr/bin/time");
  private static final int PROJECTS = 10;

  private final PrintStream out;
  private final Path work;
  private final Universe universe;
  private final Results results;
  private final Set<String> failed = new HashSet<>();

  /** A package manager with the addresses of its registry. */
  record Contender(Peer peer, String near, String far) {
    String registry(Scenario scenario) {
      return scenario == Scenario.COLD_FAR ? far : near;
    }
  }

  Contest(PrintStream out, Path work, Universe universe, Results results) {
    this.out = out;
    this.work = work;
    this.universe = universe;
    this.results = results;
  }

  /** Measures the wanted scenarios. */
  void run(List<Contender> contenders, int rounds, Predicate<Scenario> wanted)
      throws IOException, InterruptedException {
    for (Contender each : contenders) {
      attempt(each, "preparing", () -> prepare(each));
    }
    for (int round = 1; round <= rounds; round++) {
      for (Scenario scenario : Scenario.values()) {
        if (!wanted.test(scenario) || (scenario == Scenario.DISK && round > 1)) {
          continue;
        }
        for (Contender each : contenders) {
          boolean timed =
              each.peer().commands().containsKey(scenario)
                  && (!each.peer().name().equals(Peer.ON_JVM) || scenario != Scenario.COLD);
          if (timed) {
            String what = "round " + round + " of " + rounds + ", " + scenario.label();
            attempt(each, what, () -> once(each, scenario, what));
          }
        }
      }
    }
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  private void attempt(Contender contender, String what, Step step) throws InterruptedException {
    String name = contender.peer().name();
    if (failed.contains(name)) {
      return;
    }
    try {
      step.run();
    } catch (IOException failure) {
      failed.add(name);
      out.println(what + ": " + name + " is left out from here on: " + failure.getMessage());
    }
  }

  private void once(Contender contender, Scenario scenario, String what)
      throws IOException, InterruptedException {
    String name = contender.peer().name();
    restore(contender, scenario);
    if (scenario == Scenario.DISK) {
      Results.Disk disk = disk(contender);
      results.add(name, disk);
      out.printf(Locale.ROOT, "%s: %s %.0f + %.0f B%n", what, name, disk.first(), disk.further());
      return;
    }
    Run run = time(contender, scenario, project(contender.peer()));
    results.add(scenario, name, run);
    out.printf(
        Locale.ROOT,
        "%s: %s %.0f ms, CPU %.0f ms, %.0f MiB%n",
        what,
        name,
        run.wall(),
        run.cpu(),
        run.mebibytes());
  }

  private Path home(Peer peer) {
    return work.resolve(peer.name()).resolve("home");
  }

  private Path project(Peer peer) {
    return work.resolve(peer.name()).resolve("project");
  }

  private Path kept(Peer peer, String what) {
    return work.resolve(peer.name()).resolve("kept-" + what);
  }

  /** Installs once, and keeps home and project as they then are. */
  private void prepare(Contender contender) throws IOException, InterruptedException {
    Peer peer = contender.peer();
    Files.createDirectories(home(peer));
    Files.createDirectories(project(peer));
    peer.project().write(project(peer), universe.roots(), contender.near());
    time(contender, Scenario.COLD, project(peer));
    copy(home(peer), kept(peer, "home"));
    copy(project(peer), kept(peer, "project"));
  }

  private void restore(Contender contender, Scenario scenario)
      throws IOException, InterruptedException {
    Peer peer = contender.peer();
    boolean resolves = scenario == Scenario.COLD || scenario == Scenario.COLD_FAR;
    Trees.remove(home(peer));
    if (resolves || scenario == Scenario.FROZEN_COLD) {
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
    if (resolves) {
      Files.deleteIfExists(project(peer).resolve(peer.lock().getFirst()));
      peer.project().write(project(peer), universe.roots(), contender.registry(scenario));
    }
  }

  /** The home and what ten projects with the same closure add to it. */
  private Results.Disk disk(Contender contender) throws IOException, InterruptedException {
    Peer peer = contender.peer();
    Path all = work.resolve(peer.name()).resolve("ten");
    Files.createDirectories(all);
    long first = 0;
    try {
      for (int i = 0; i < PROJECTS; i++) {
        Path one = all.resolve("project" + i);
        copy(project(peer), one);
        time(contender, Scenario.DISK, one);
        if (i == 0) {
          first = bytes(home(peer), all);
        }
      }
      return new Results.Disk(first, (bytes(home(peer), all) - first) / (PROJECTS - 1.0));
    } finally {
      Trees.remove(all);
    }
  }

  /** Bytes of files as they are stored, in whole blocks, those with several names once. */
  private static long bytes(Path... trees) throws IOException {
    Set<Object> seen = new HashSet<>();
    long[] bytes = {0};
    for (Path tree : trees) {
      Files.walkFileTree(
          tree,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes about)
                throws IOException {
              Object key = about.fileKey();
              if (about.isRegularFile() && (key == null || seen.add(key))) {
                long block = Files.getFileStore(file).getBlockSize();
                bytes[0] += (about.size() + block - 1) / block * block;
              }
              return FileVisitResult.CONTINUE;
            }
          });
    }
    return bytes[0];
  }

  private static void copy(Path from, Path to) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("cp", "-a", from.toString(), to.toString()).inheritIO().start();
    if (process.waitFor() != 0 || !Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("cp -a " + from + " failed");
    }
  }

  private Run time(Contender contender, Scenario scenario, Path directory)
      throws IOException, InterruptedException {
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
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    Map<String, String> variables = builder.environment();
    variables
        .keySet()
        .removeIf(name -> name.startsWith("RAYA_") || name.startsWith("npm_") || name.equals("CI"));
    variables.putAll(peer.environment().of(contender.registry(scenario), home(peer)));
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
}
