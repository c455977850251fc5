package dev.raya.resolver.solve;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Betters a solution that was found by following conflicts instead of preferences: as long as there
 * is a package whose choice alone can be replaced by one that is preferred, it is. What nobody
 * needs has no say.
 */
final class Raising {
  private final Search search;
  private final int[] rankOf;
  private final Set<SolverPackage> fixed = new HashSet<>();

  /** For each package the facts about it that its choice must keep. */
  private final Map<SolverPackage, List<Fact>> incoming = new HashMap<>();

  /** Which of two ranks of a package is preferred. */
  interface Preference {
    /** Ranks of a package, the most preferred first. */
    int[] order(SolverPackage pkg);
  }

  /**
   * Takes a solution.
   *
   * @param rankOf for each package's id its rank, or −1 if it is not needed; is changed
   */
  Raising(Search search, int[] rankOf) {
    this.search = search;
    this.rankOf = rankOf;
    for (SolverPackage pkg : search.packages) {
      if (pkg.base != null && rankOf[pkg.id] >= 0) {
        fixed.add(pkg.base);
      }
    }
  }

  /** Replaces what can be replaced, package after package. False if nothing could be. */
  boolean run(Preference preference) {
    boolean any = false;
    boolean again = true;
    collect();
    while (again) {
      again = false;
      for (SolverPackage pkg : search.packages) {
        if (pkg.kind == SolverPackage.Kind.VERSIONS
            && rankOf[pkg.id] >= 0
            && !fixed.contains(pkg)
            && raise(pkg, preference.order(pkg))) {
          collect();
          again = true;
          any = true;
        }
      }
    }
    return any;
  }

  private void collect() {
    incoming.clear();
    for (SolverPackage pkg : search.packages) {
      int rank = rankOf[pkg.id];
      if (rank < 0) {
        continue;
      }
      pkg.structure.forEach(fact -> collect(fact, rank));
      Requirements requirements = search.catalog.requirements(pkg);
      for (int index : requirements.byRank()[rank]) {
        search.catalog.facts(requirements.all().get(index)).forEach(fact -> collect(fact, rank));
      }
    }
  }

  private void collect(Fact fact, int rank) {
    SolverPackage target = fact.target();
    if (target != null && fact.ranks().set().contains(rank)) {
      incoming.computeIfAbsent(target, t -> new ArrayList<>()).add(fact);
    }
  }

  private boolean raise(SolverPackage pkg, int[] order) {
    int before = rankOf[pkg.id];
    for (int rank : order) {
      if (rank == before) {
        break;
      }
      rankOf[pkg.id] = rank;
      if (fits(pkg, rank)) {
        return true;
      }
    }
    rankOf[pkg.id] = before;
    return false;
  }

  private boolean fits(SolverPackage pkg, int rank) {
    for (Fact fact : incoming.getOrDefault(pkg, List.of())) {
      if (fact.from() != pkg && !holds(fact)) {
        return false;
      }
    }
    Requirements requirements = search.catalog.requirements(pkg);
    for (int index : requirements.byRank()[rank]) {
      Requirement requirement = requirements.all().get(index);
      // What is not here is not chosen either.
      if (!search.catalog.isKnown(requirement)) {
        return false;
      }
      for (Fact fact : search.catalog.facts(requirement)) {
        if (!holds(fact)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean holds(Fact fact) {
    SolverPackage target = fact.target();
    Ranks targets = fact.targets();
    if (target == null || targets == null) {
      return false;
    }
    int rank = target.id < rankOf.length ? rankOf[target.id] : -1;
    return rank < 0 ? !fact.requires() : targets.set().contains(rank);
  }
}
