package dev.raya.integration.bench;

import dev.raya.integration.bench.Peer.Scenario;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What was measured so far, and its tables. */
final class Results {
  private static final List<String> COMPARED = List.of("Bun", "pnpm", "npm");

  private final List<String> names;
  private final Map<Scenario, Map<String, List<Run>>> runs = new TreeMap<>();
  private final Map<String, Disk> disks = new LinkedHashMap<>();

  /** Wall and processor milliseconds and peak memory of one run. */
  record Run(double wall, double cpu, double mebibytes) {}

  /** Bytes of a home with one project, and what each further project adds. */
  record Disk(double first, double further) {}

  /** Takes the names of the columns. */
  Results(List<String> names) {
    this.names = names;
  }

  void add(Scenario scenario, String name, Run run) {
    runs.computeIfAbsent(scenario, s -> new LinkedHashMap<>())
        .computeIfAbsent(name, n -> new ArrayList<>())
        .add(run);
  }

  void add(String name, Disk disk) {
    disks.put(name, disk);
  }

  /** Prints medians and ratios. */
  void print(PrintStream out, int size, int rounds) {
    out.printf(
        Locale.ROOT,
        "%n%d packages, %d processors, Java %s, at most %d rounds, medians: wall ms (CPU ms, peak"
            + " MiB)%n",
        size,
        Runtime.getRuntime().availableProcessors(),
        Runtime.version(),
        rounds);
    List<String> ratios = new ArrayList<>();
    for (String ours : List.of(Peer.RAYA, Peer.ON_JVM)) {
      for (String peer : COMPARED) {
        if (names.contains(ours) && names.contains(peer)) {
          ratios.add(ours + " / " + peer);
        }
      }
    }
    out.println(
        "\n| install | " + String.join(" | ", names) + " | " + String.join(" | ", ratios) + " |");
    out.println("| --- |" + " ---: |".repeat(names.size() + ratios.size()));
    runs.forEach((scenario, row) -> out.println(line(scenario, row)));
    if (!disks.isEmpty()) {
      out.println("\n| MiB on disk | home and one project | each further project |");
      out.println("| --- | ---: | ---: |");
      disks.forEach(
          (name, disk) ->
              out.printf(
                  Locale.ROOT,
                  "| %s | %.1f | %.3f |%n",
                  name,
                  disk.first() / (1 << 20),
                  disk.further() / (1 << 20)));
    }
  }

  private String line(Scenario scenario, Map<String, List<Run>> row) {
    StringBuilder line = new StringBuilder("| " + scenario.label());
    for (String name : names) {
      List<Run> each = row.getOrDefault(name, List.of());
      line.append(
          each.isEmpty()
              ? " | –"
              : String.format(
                  Locale.ROOT,
                  " | %.0f (%.0f, %.0f)",
                  median(each, Run::wall),
                  median(each, Run::cpu),
                  median(each, Run::mebibytes)));
    }
    for (String ours : List.of(Peer.RAYA, Peer.ON_JVM)) {
      for (String peer : COMPARED) {
        if (names.contains(ours) && names.contains(peer)) {
          double ratio =
              median(row.getOrDefault(ours, List.of()), Run::wall)
                  / median(row.getOrDefault(peer, List.of()), Run::wall);
          line.append(Double.isNaN(ratio) ? " | –" : String.format(Locale.ROOT, " | %.2f", ratio));
        }
      }
    }
    return line.append(" |").toString();
  }

  private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
    double[] values = runs.stream().mapToDouble(figure).toArray();
    Arrays.sort(values);
    int n = values.length;
    return n == 0
        ? Double.NaN
        : n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
  }
}
