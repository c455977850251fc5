package dev.raya.resolver.solve;

import dev.raya.resolver.solve.SolverResult.GaveUp;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Shrinks a refutation to requirements that contradict each other and of which none can be left
 * out. By deletion: each requirement is dropped in turn and the rest solved again; if it still
 * fails, only what that refutation uses is kept. What is dropped is the requirement, never a
 * version: masks, locks, overrides and features stay as they are.
 */
public final class CoreMinimizer {
  private final SolverRequest request;
  private final CandidateSource source;
  private final long budget;
  private final long effort;
  private long spent;

  /** For each package the last requirements that were kept of it, and its candidates then. */
  private final Map<String, Restricted> restricted = new HashMap<>();

  private record Restricted(List<CoreNeed> kept, CompletableFuture<List<Candidate>> candidates) {}

  /**
   * Takes the request that has no solution.
   *
   * @param budget conflicts that one probe may take
   * @param effort decisions that all probes together may take; then the core is left as it is
   */
  public CoreMinimizer(SolverRequest request, CandidateSource source, long budget, long effort) {
    this.request = request;
    this.source = source;
    this.budget = budget;
    this.effort = effort;
  }

  /** A minimal core within a refutation. */
  public Core minimise(Refutation refutation) {
    List<CoreNeed> needs = needs(refutation);
    // The last ones first: what is far from the project is rather dropped than what it states.
    int kept = needs.size();
    boolean minimal = true;
    while (kept > 0) {
      if (spent > effort) {
        return new Core(needs, false);
      }
      List<CoreNeed> rest = new ArrayList<>(needs);
      rest.remove(kept - 1);
      SolverResult probe = solve(rest);
      spent += probe.statistics().decisions();
      switch (probe) {
        case Solved solved -> kept--;
        case GaveUp gaveUp -> {
          minimal = false;
          kept--;
        }
        case Unsolvable unsolvable -> {
          Map<Key, CoreNeed> used = new HashMap<>();
          needs(unsolvable.refutation()).forEach(need -> used.put(key(need), need));
          int before = kept - 1;
          kept = 0;
          List<CoreNeed> smaller = new ArrayList<>();
          for (int i = 0; i < rest.size(); i++) {
            CoreNeed need = used.get(key(rest.get(i)));
            if (need != null) {
              smaller.add(need);
              kept += i < before ? 1 : 0;
            }
          }
          needs = smaller;
        }
      }
    }
    return new Core(needs, minimal);
  }

  /** Solves the request with no other requirements than these. */
  public SolverResult solve(Collection<CoreNeed> needs) {
    Map<String, List<CoreNeed>> byPackage = new LinkedHashMap<>();
    for (CoreNeed need : needs) {
      byPackage.computeIfAbsent(need.pkg(), n -> new ArrayList<>()).add(need);
    }
    List<Need> roots = byPackage.getOrDefault("", List.of()).stream().map(CoreNeed::need).toList();
    SolverRequest asked = request.withRoots(roots).withConflictBudget(budget);
    return new Solver(asked, name -> candidates(name, byPackage.getOrDefault(name, List.of())))
        .solve();
  }

  private CompletableFuture<List<Candidate>> candidates(String name, List<CoreNeed> kept) {
    Restricted last = restricted.get(name);
    if (last == null || !last.kept().equals(kept)) {
      last = new Restricted(kept, restricted(name, kept));
      restricted.put(name, last);
    }
    return last.candidates();
  }

  private CompletableFuture<List<Candidate>> restricted(String name, List<CoreNeed> kept) {
    return source
        .candidates(name)
        .toCompletableFuture()
        .thenApply(
            all -> {
              Map<Version, List<CoreNeed>> byVersion = new HashMap<>();
              for (CoreNeed need : kept) {
                for (Version version : need.versions()) {
                  byVersion.computeIfAbsent(version, v -> new ArrayList<>()).add(need);
                }
              }
              return all.stream()
                  .map(
                      candidate ->
                          restricted(
                              candidate, byVersion.getOrDefault(candidate.version(), List.of())))
                  .toList();
            });
  }

  private static Candidate restricted(Candidate candidate, List<CoreNeed> kept) {
    Map<String, Candidate.Feature> features = new LinkedHashMap<>();
    candidate
        .features()
        .forEach(
            (name, feature) ->
                features.put(
                    name,
                    new Candidate.Feature(
                        stated(candidate, feature.needs(), name, false, kept),
                        feature.features())));
    return new Candidate(
        candidate.version(),
        stated(candidate, candidate.needs(), "", false, kept),
        stated(candidate, candidate.constraints(), "", true, kept),
        features,
        candidate.mask());
  }

  private static List<Need> stated(
      Candidate candidate,
      List<Need> needs,
      String feature,
      boolean constraint,
      List<CoreNeed> kept) {
    return needs.stream()
        .filter(
            need ->
                kept.stream()
                    .anyMatch(
                        core ->
                            core.constraint() == constraint
                                && core.feature().equals(feature)
                                && core.sameNeed(need)))
        .toList();
  }

  /** What makes two facts one requirement: lines of one package may share it. */
  private record Key(String pkg, String feature, Need need, boolean constraint) {}

  private static Key key(CoreNeed need) {
    return new Key(need.pkg(), need.feature(), need.need(), need.constraint());
  }

  /** The requirements that a refutation uses, those of the project first. */
  static List<CoreNeed> needs(Refutation refutation) {
    Map<Key, Set<Version>> direct = new LinkedHashMap<>();
    Map<Key, Set<Version>> others = new LinkedHashMap<>();
    for (Refutation.Fact fact : refutation.facts()) {
      Need need = fact.need();
      if (need != null) {
        boolean constraint = fact.kind() == Refutation.FactKind.CONSTRAINT;
        (fact.from().isEmpty() ? direct : others)
            .computeIfAbsent(
                new Key(fact.from(), fact.feature(), need, constraint), k -> new TreeSet<>())
            .addAll(fact.versions());
      }
    }
    List<CoreNeed> needs = new ArrayList<>();
    for (Map<Key, Set<Version>> some : List.of(direct, others)) {
      some.forEach(
          (key, versions) ->
              needs.add(
                  new CoreNeed(
                      key.pkg(),
                      key.feature(),
                      List.copyOf(versions),
                      key.need(),
                      key.constraint())));
    }
    return needs;
  }
}
