package dev.raya.resolver.oracle;

import dev.raya.resolver.oracle.PlainProblem.Need;
import dev.raya.resolver.oracle.PlainProblem.Release;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sat4j.core.VecInt;
import org.sat4j.minisat.SolverFactory;
import org.sat4j.specs.ContradictionException;
import org.sat4j.specs.ISolver;
import org.sat4j.specs.TimeoutException;

/**
 * The naive translation of a problem: a variable for each release and each feature of it, one
 * clause a need, pairs that exclude each other. Every need has a switch, so that parts of the
 * problem are decided by assumptions.
 */
final class SatOracle {
  /** A limit by time would start a thread for each question. */
  private static final int MOST_CONFLICTS = 20_000_000;

  private final PlainProblem problem;
  private final ISolver solver = SolverFactory.newDefault();
  private final Map<Key, Integer> variables = new HashMap<>();
  private int last;
  private final Map<Need, Integer> switches = new LinkedHashMap<>();
  private boolean contradictory;

  /** What a variable stands for: a release, or a feature of it. */
  private record Key(String name, PlainVersion version, String feature) {}

  SatOracle(PlainProblem problem) {
    this.problem = problem;
    solver.setTimeoutOnConflicts(MOST_CONFLICTS);
    for (Need need : problem.needs) {
      switches.put(need, ++last);
    }
    try {
      problem.packages.forEach((name, releases) -> releases.keySet().forEach(v -> chosen(name, v)));
      for (Map.Entry<String, Map<PlainVersion, Release>> entry : problem.packages.entrySet()) {
        releases(entry.getKey(), entry.getValue());
      }
      for (Need need : problem.needs) {
        need(need);
      }
    } catch (ContradictionException e) {
      contradictory = true;
    }
  }

  /** The variable of a release. */
  int chosen(String name, PlainVersion version) {
    return feature(name, version, "");
  }

  private int feature(String name, PlainVersion version, String feature) {
    return variables.computeIfAbsent(new Key(name, version, feature), key -> ++last);
  }

  private void clause(Collection<Integer> literals) throws ContradictionException {
    solver.addClause(new VecInt(literals.stream().mapToInt(Integer::intValue).toArray()));
  }

  private void releases(String name, Map<PlainVersion, Release> releases)
      throws ContradictionException {
    List<PlainVersion> versions = List.copyOf(releases.keySet());
    for (int i = 0; i < versions.size(); i++) {
      for (int j = i + 1; j < versions.size(); j++) {
        if (problem.isSingle(name) || versions.get(i).group().equals(versions.get(j).group())) {
          clause(List.of(-chosen(name, versions.get(i)), -chosen(name, versions.get(j))));
        }
      }
    }
    for (Map.Entry<PlainVersion, Release> entry : releases.entrySet()) {
      PlainVersion version = entry.getKey();
      if (!entry.getValue().open()) {
        clause(List.of(-chosen(name, version)));
      }
      for (Map.Entry<String, List<String>> feature : entry.getValue().features().entrySet()) {
        int on = feature(name, version, feature.getKey());
        clause(List.of(-on, chosen(name, version)));
        for (String other : feature.getValue()) {
          clause(List.of(-on, feature(name, version, other)));
        }
      }
    }
  }

  private void need(Need need) throws ContradictionException {
    List<Integer> literals = new ArrayList<>(List.of(-switches.getOrDefault(need, 0)));
    PlainVersion version = need.version();
    if (version != null) {
      literals.add(
          need.feature().isEmpty()
              ? -chosen(need.pkg(), version)
              : -feature(need.pkg(), version, need.feature()));
    }
    Map<PlainVersion, Release> releases = problem.releases(need.dep());
    if (need.constraint()) {
      for (PlainVersion other : releases.keySet()) {
        if (!problem.matches(need.range(), other)) {
          List<Integer> excluded = new ArrayList<>(literals);
          excluded.add(-chosen(need.dep(), other));
          clause(excluded);
        }
      }
      return;
    }
    List<String> features =
        version == null ? problem.rootFeatures.getOrDefault(need.dep(), List.of()) : List.of();
    for (Map.Entry<PlainVersion, Release> entry : releases.entrySet()) {
      if (problem.matches(need.range(), entry.getKey())
          && entry.getValue().features().keySet().containsAll(features)) {
        int option = chosen(need.dep(), entry.getKey());
        if (!features.isEmpty()) {
          int chosen = option;
          option = ++last;
          clause(List.of(-option, chosen));
          for (String feature : features) {
            clause(List.of(-option, feature(need.dep(), entry.getKey(), feature)));
          }
        }
        literals.add(option);
      }
    }
    clause(literals);
  }

  /** Whether the problem has a solution. */
  boolean isSatisfiable() {
    return isSatisfiable(switches.keySet(), List.of());
  }

  /** Whether some of its needs have one, with some literals given. */
  boolean isSatisfiable(Collection<Need> needs, Collection<Integer> literals) {
    if (contradictory) {
      return false;
    }
    VecInt assumed = new VecInt();
    for (Need need : needs) {
      assumed.push(switches.getOrDefault(need, 0));
    }
    literals.forEach(assumed::push);
    try {
      return solver.isSatisfiable(assumed);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Literals that say that exactly these releases are chosen. */
  List<Integer> exactly(Map<String, ? extends Collection<PlainVersion>> versions) {
    List<Integer> literals = new ArrayList<>();
    problem.packages.forEach(
        (name, releases) -> {
          for (PlainVersion version : releases.keySet()) {
            boolean in = versions.containsKey(name) && versions.get(name).contains(version);
            literals.add(in ? chosen(name, version) : -chosen(name, version));
          }
        });
    return literals;
  }
}
