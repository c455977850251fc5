package dev.raya.resolver.bench;

import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How long it takes when one root of a project that has a lockfile changes, and what moves: each
 * root in turn is left out, and held below the version that is locked.
 */
final class SolverRelock {
  private static final int PACKAGES = 500;
  private static final int VERSIONS = 20;
  private static final int ROOTS = 15;
  private static final int WARM = 400;
  private static final int ROUNDS = 21;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private SolverRelock() {}

  public static void main(String[] arguments) throws VersionException {
    System.out.println(
        "| problem | locked | changes | median CPU ms | worst median CPU ms | moved at most |");
    System.out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (long seed = 1; seed <= 3; seed++) {
      measure(Hard.read(Families.breadth(PACKAGES, VERSIONS, seed)));
    }
  }

  private static void measure(Problem problem) throws VersionException {
    // The family has one root, which needs all; here the first packages are roots too.
    List<Need> roots = new ArrayList<>();
    problem.packages().keySet().stream()
        .limit(ROOTS)
        .forEach(name -> roots.add(new Need(name, VersionRange.ANY)));
    SolverRequest request = problem.request().withRoots(roots);
    if (!(new Solver(request, problem.source()).solve() instanceof Solved first)) {
      throw new IllegalStateException(problem.name() + " is to have a solution");
    }
    Map<String, List<Version>> locked = new TreeMap<>();
    for (Chosen one : first.chosen()) {
      locked.computeIfAbsent(one.name(), name -> new ArrayList<>()).add(one.version());
    }
    List<SolverRequest> changes = new ArrayList<>();
    for (int root = 0; root < request.roots().size(); root++) {
      List<Need> without = new ArrayList<>(request.roots());
      Need changed = without.remove(root);
      changes.add(changed(request, without, locked));
      List<Need> below = new ArrayList<>(without);
      Version now = locked.getOrDefault(changed.name(), List.of()).getLast();
      below.add(new Need(changed.name(), VersionRange.parse("<" + now.text())));
      changes.add(changed(request, below, locked));
    }
    for (int i = 0; i < WARM; i++) {
      solve(changes.get(i % changes.size()), problem);
    }
    List<Double> medians = new ArrayList<>();
    int moved = 0;
    for (SolverRequest change : changes) {
      double[] millis = new double[ROUNDS];
      SolverResult result = solve(change, problem);
      for (int round = 0; round < ROUNDS; round++) {
        long begun = THREADS.getCurrentThreadCpuTime();
        result = solve(change, problem);
        millis[round] = (THREADS.getCurrentThreadCpuTime() - begun) / 1e6;
      }
      Arrays.sort(millis);
      if (result instanceof Solved solved) {
        medians.add(millis[ROUNDS / 2]);
        moved = Math.max(moved, moved(first.chosen(), solved.chosen()));
      }
    }
    medians.sort(null);
    System.out.printf(
        Locale.ROOT,
        "| %s | %d | %d | %.2f | %.2f | %d |%n",
        problem.name(),
        first.chosen().size(),
        medians.size(),
        medians.get(medians.size() / 2),
        medians.getLast(),
        moved);
  }

  private static SolverResult solve(SolverRequest request, Problem problem) {
    return new Solver(request, problem.source()).solve();
  }

  /** Names that have other versions than before, those left out not counted. */
  private static int moved(List<Chosen> before, List<Chosen> after) {
    Set<String> ids = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Chosen one : before) {
      ids.add(one.name() + ' ' + one.version().text());
      names.add(one.name());
    }
    Set<String> moved = new HashSet<>();
    for (Chosen one : after) {
      if (names.contains(one.name()) && !ids.contains(one.name() + ' ' + one.version().text())) {
        moved.add(one.name());
      }
    }
    return moved.size();
  }

  private static SolverRequest changed(
      SolverRequest request, List<Need> roots, Map<String, List<Version>> locked) {
    return new SolverRequest(
        roots,
        request.mode(),
        request.singletons(),
        locked,
        request.overrides(),
        request.preReleases(),
        request.preference(),
        request.conflictBudget());
  }
}
