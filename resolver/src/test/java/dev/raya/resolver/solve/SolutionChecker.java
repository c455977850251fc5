package dev.raya.resolver.solve;

import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.version.CompatibilityLine;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks a solution need by need, straight from the candidates: written apart from the solver and
 * sharing nothing with its search.
 */
final class SolutionChecker {
  private final SolverRequest request;
  private final Map<String, List<Candidate>> packages;
  private final Map<String, List<Chosen>> byName = new HashMap<>();
  private final List<String> faults = new ArrayList<>();

  private SolutionChecker(SolverRequest request, Map<String, List<Candidate>> packages) {
    this.request = request;
    this.packages = packages;
  }

  /** Everything that is wrong with a solution; empty if it is right. */
  static List<String> faults(
      SolverRequest request, Map<String, List<Candidate>> packages, List<Chosen> chosen) {
    SolutionChecker checker = new SolutionChecker(request, packages);
    for (Chosen one : chosen) {
      checker.byName.computeIfAbsent(one.name(), n -> new ArrayList<>()).add(one);
    }
    checker.checkUnique();
    for (Need root : request.roots()) {
      checker.checkNeed("project", "", root);
    }
    for (Chosen one : chosen) {
      checker.checkChosen(one);
    }
    checker.checkNoExtras(chosen);
    return checker.faults;
  }

  /** Chosen versions that could be raised with nothing else changed; for the single mode. */
  static List<String> raisable(
      SolverRequest request, Map<String, List<Candidate>> packages, List<Chosen> chosen) {
    SolutionChecker checker = new SolutionChecker(request, packages);
    Map<String, List<VersionRange>> asked = new HashMap<>();
    for (Need root : request.roots()) {
      asked.computeIfAbsent(root.name(), n -> new ArrayList<>()).add(checker.effective("", root));
    }
    for (Chosen one : chosen) {
      checker.byName.computeIfAbsent(one.name(), n -> new ArrayList<>()).add(one);
      Candidate candidate = checker.candidate(one);
      if (candidate != null) {
        for (Need need : checker.needs(candidate, one.features())) {
          if (!need.name().equals(one.name())) {
            asked
                .computeIfAbsent(need.name(), n -> new ArrayList<>())
                .add(checker.effective(one.name(), need));
          }
        }
        for (Need need : candidate.constraints()) {
          asked.computeIfAbsent(need.name(), n -> new ArrayList<>()).add(need.range());
        }
      }
    }
    List<String> raisable = new ArrayList<>();
    for (Chosen one : chosen) {
      for (Candidate candidate : packages.getOrDefault(one.name(), List.of())) {
        if (candidate.version().compareTo(one.version()) > 0
            && !candidate.masked()
            && candidate.features().keySet().containsAll(one.features())
            && asked.getOrDefault(one.name(), List.of()).stream()
                .allMatch(range -> checker.matches(range, candidate.version()))
            && checker.fits(candidate, one)) {
          raisable.add(one.name() + ' ' + one.version() + " → " + candidate.version());
        }
      }
    }
    return raisable;
  }

  private boolean fits(Candidate candidate, Chosen old) {
    for (Need need : needs(candidate, old.features())) {
      VersionRange range = effective(old.name(), need);
      boolean met =
          need.name().equals(old.name())
              ? matches(range, candidate.version())
              : byName.getOrDefault(need.name(), List.of()).stream()
                  .anyMatch(c -> matches(range, c.version()));
      if (!met) {
        return false;
      }
    }
    for (Need need : candidate.constraints()) {
      for (Chosen other : byName.getOrDefault(need.name(), List.of())) {
        if (!matches(need.range(), other.version())) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean matches(VersionRange range, Version version) {
    return range.matches(version, request.preReleases());
  }

  private VersionRange effective(String from, Need need) {
    VersionRange nested = request.overrides().get(from + '>' + need.name());
    return nested != null ? nested : request.overrides().getOrDefault(need.name(), need.range());
  }

  private @Nullable Candidate candidate(Chosen chosen) {
    for (Candidate candidate : packages.getOrDefault(chosen.name(), List.of())) {
      if (candidate.version().text().equals(chosen.version().text())) {
        return candidate;
      }
    }
    return null;
  }

  private void checkUnique() {
    for (Map.Entry<String, List<Chosen>> entry : byName.entrySet()) {
      boolean single =
          request.mode() == SolverRequest.Mode.SINGLE
              || request.singletons().contains(entry.getKey());
      Set<CompatibilityLine> lines = new HashSet<>();
      for (Chosen chosen : entry.getValue()) {
        if (!lines.add(
            single ? new CompatibilityLine("") : CompatibilityLine.of(chosen.version()))) {
          faults.add("two versions of " + entry.getKey() + ": " + entry.getValue());
        }
      }
    }
  }

  private List<Need> needs(Candidate candidate, List<String> features) {
    List<Need> needs = new ArrayList<>(candidate.needs());
    for (String feature : features) {
      Candidate.Feature switched = candidate.features().get(feature);
      if (switched != null) {
        needs.addAll(switched.needs());
      }
    }
    return needs;
  }

  private void checkChosen(Chosen chosen) {
    Candidate candidate = candidate(chosen);
    if (candidate == null) {
      faults.add("there is no " + chosen);
      return;
    }
    if (candidate.masked()
        && !request.locked().getOrDefault(chosen.name(), List.of()).contains(chosen.version())) {
      faults.add("masked: " + chosen);
    }
    for (String feature : chosen.features()) {
      Candidate.Feature switched = candidate.features().get(feature);
      if (switched == null) {
        faults.add(chosen + " lacks feature " + feature);
      } else if (!chosen.features().containsAll(switched.features())) {
        faults.add(chosen + " lacks what " + feature + " switches on");
      }
    }
    for (Need need : needs(candidate, chosen.features())) {
      checkNeed(chosen.toString(), chosen.name(), need);
    }
    for (Need need : candidate.constraints()) {
      for (Chosen other : byName.getOrDefault(need.name(), List.of())) {
        if (!matches(need.range(), other.version())) {
          faults.add(chosen + " constrains " + need + ", found " + other);
        }
      }
    }
  }

  private boolean meets(Chosen chosen, VersionRange range, Need need) {
    return matches(range, chosen.version()) && chosen.features().containsAll(need.features());
  }

  private void checkNeed(String who, String from, Need need) {
    VersionRange range = effective(from, need);
    if (byName.getOrDefault(need.name(), List.of()).stream()
        .noneMatch(chosen -> meets(chosen, range, need))) {
      faults.add(who + " needs " + need);
    }
  }

  /** Every version and feature must be reachable from the project. */
  private void checkNoExtras(List<Chosen> chosen) {
    Set<String> reached = new TreeSet<>();
    Deque<Need> open = new ArrayDeque<>();
    for (Need root : request.roots()) {
      open.add(new Need(root.name(), effective("", root), root.features(), ""));
    }
    Set<String> features = new TreeSet<>();
    while (!open.isEmpty()) {
      Need need = open.pop();
      for (Chosen one : byName.getOrDefault(need.name(), List.of())) {
        Candidate candidate = candidate(one);
        if (candidate == null || !meets(one, need.range(), need)) {
          continue;
        }
        List<Need> next = new ArrayList<>();
        if (reached.add(one.name() + '@' + one.version())) {
          next.addAll(candidate.needs());
        }
        Deque<String> names = new ArrayDeque<>(need.features());
        while (!names.isEmpty()) {
          String feature = names.pop();
          Candidate.Feature switched = candidate.features().get(feature);
          if (features.add(one.name() + '@' + one.version() + '/' + feature) && switched != null) {
            next.addAll(switched.needs());
            names.addAll(switched.features());
          }
        }
        for (Need follow : next) {
          open.add(new Need(follow.name(), effective(one.name(), follow), follow.features(), ""));
        }
      }
    }
    for (Chosen one : chosen) {
      if (!reached.contains(one.name() + '@' + one.version())) {
        faults.add("nobody needs " + one);
      }
      for (String feature : one.features()) {
        if (!features.contains(one.name() + '@' + one.version() + '/' + feature)) {
          faults.add("nobody asks for feature " + feature + " of " + one);
        }
      }
    }
  }
}
