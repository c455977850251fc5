package dev.raya.resolver.solve;

import dev.raya.resolver.version.CompatibilityLine;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sat4j.core.VecInt;
import org.sat4j.minisat.SolverFactory;
import org.sat4j.specs.ContradictionException;
import org.sat4j.specs.ISolver;
import org.sat4j.specs.TimeoutException;

/**
 * Decides by SAT4J whether a request has a solution: the plain translation with one variable for
 * each version and each feature of it. Written apart from the solver, for tests.
 */
final class Oracle {
  private final SolverRequest request;
  private final Map<String, List<Candidate>> packages;
  private final Map<String, Integer> variables = new HashMap<>();
  private final ISolver solver = SolverFactory.newDefault();

  private Oracle(SolverRequest request, Map<String, List<Candidate>> packages) {
    this.request = request;
    this.packages = packages;
  }

  static boolean isSatisfiable(SolverRequest request, Map<String, List<Candidate>> packages) {
    Oracle oracle = new Oracle(request, packages);
    try {
      oracle.encode();
      return oracle.solver.isSatisfiable();
    } catch (ContradictionException e) {
      return false;
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private int chosen(String name, Candidate candidate) {
    return variable(name + '@' + candidate.version().text());
  }

  private int on(String name, Candidate candidate, String feature) {
    return variable(name + '@' + candidate.version().text() + '/' + feature);
  }

  private int variable(String key) {
    return variables.computeIfAbsent(key, k -> variables.size() + 1);
  }

  private void clause(int... literals) throws ContradictionException {
    solver.addClause(new VecInt(literals));
  }

  private void encode() throws ContradictionException {
    for (Need root : request.roots()) {
      need(0, "", root);
    }
    for (Map.Entry<String, List<Candidate>> entry : packages.entrySet()) {
      String name = entry.getKey();
      onePerLine(name, entry.getValue());
      for (Candidate candidate : entry.getValue()) {
        encode(name, candidate);
      }
    }
  }

  private void onePerLine(String name, List<Candidate> all) throws ContradictionException {
    boolean single =
        request.mode() == SolverRequest.Mode.SINGLE || request.singletons().contains(name);
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        CompatibilityLine a = CompatibilityLine.of(all.get(i).version());
        CompatibilityLine b = CompatibilityLine.of(all.get(j).version());
        if (single || a.equals(b)) {
          clause(-chosen(name, all.get(i)), -chosen(name, all.get(j)));
        }
      }
    }
  }

  private void encode(String name, Candidate candidate) throws ContradictionException {
    int chosen = chosen(name, candidate);
    if (candidate.masked()
        && !request.locked().getOrDefault(name, List.of()).contains(candidate.version())) {
      clause(-chosen);
    }
    for (Need need : candidate.needs()) {
      need(chosen, name, need);
    }
    for (Need need : candidate.constraints()) {
      for (Candidate other : packages.getOrDefault(need.name(), List.of())) {
        if (!need.range().matches(other.version(), request.preReleases())) {
          clause(-chosen, -chosen(need.name(), other));
        }
      }
    }
    for (Map.Entry<String, Candidate.Feature> feature : candidate.features().entrySet()) {
      int on = on(name, candidate, feature.getKey());
      clause(-on, chosen);
      for (Need need : feature.getValue().needs()) {
        need(on, name, need);
      }
      for (String implied : feature.getValue().features()) {
        if (candidate.features().containsKey(implied)) {
          clause(-on, on(name, candidate, implied));
        } else {
          clause(-on);
        }
      }
    }
  }

  /** If {@code who} (0 for the project) is true, one of the versions that meet the need is. */
  private void need(int who, String from, Need need) throws ContradictionException {
    VersionRange nested = request.overrides().get(from + '>' + need.name());
    VersionRange range =
        nested != null
            ? nested
            : Objects.requireNonNullElse(request.overrides().get(need.name()), need.range());
    List<Integer> options = new ArrayList<>();
    for (Candidate candidate : packages.getOrDefault(need.name(), List.of())) {
      if (range.matches(candidate.version(), request.preReleases())
          && candidate.features().keySet().containsAll(need.features())) {
        int option = variable("option " + variables.size());
        clause(-option, chosen(need.name(), candidate));
        for (String feature : need.features()) {
          clause(-option, on(need.name(), candidate, feature));
        }
        options.add(option);
      }
    }
    if (who != 0) {
      options.add(-who);
    }
    solver.addClause(new VecInt(options.stream().mapToInt(Integer::intValue).toArray()));
  }
}
