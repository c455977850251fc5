package dev.raya.resolver.solve;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The facts that versions of a package bring with them, made when one of the versions is about to
 * be chosen. Versions with the same requirement share one fact. Owned by one search.
 */
final class Facts {
  private final Universe universe;
  private final SolverRequest request;
  private final Map<SolverPackage, List<Shared>> grouped = new HashMap<>();

  /** A requirement, who has it, and whether it is a constraint. */
  private record Shared(Need need, boolean constraint, RankSet ranks) {}

  private record Key(String name, String range, List<String> features, boolean constraint) {}

  Facts(Universe universe, SolverRequest request) {
    this.universe = universe;
    this.request = request;
  }

  /** The facts of a rank that were not given before; waits for the packages it needs. */
  List<Incompatibility> expand(SolverPackage pkg, int rank) {
    List<Incompatibility> facts = new ArrayList<>();
    List<Shared> all = grouped.computeIfAbsent(pkg, this::group);
    for (Shared shared : all) {
      if (isNew(pkg, shared, rank)) {
        universe.prefetch(shared.need().name());
      }
    }
    for (Shared shared : all) {
      if (isNew(pkg, shared, rank)) {
        add(pkg, shared, facts);
      }
    }
    if (pkg.kind == SolverPackage.Kind.FEATURE && pkg.base != null) {
      RankSet one = RankSet.of(pkg.universe(), rank);
      facts.add(
          new Incompatibility(
              List.of(new Term(pkg, one, true), new Term(pkg.base, one, false)),
              new Cause.Structure(pkg)));
    }
    pkg.expanded = pkg.expanded.or(RankSet.of(pkg.universe(), rank));
    facts.addAll(universe.takeStructure());
    return facts;
  }

  /** A fact that several versions share is given with the first of them. */
  private static boolean isNew(SolverPackage pkg, Shared shared, int rank) {
    return shared.ranks().contains(rank) && shared.ranks().isDisjointFrom(pkg.expanded);
  }

  private List<Shared> group(SolverPackage pkg) {
    Map<Key, RankSet.Builder> ranks = new LinkedHashMap<>();
    Map<Key, Need> needs = new HashMap<>();
    for (int rank = 0; rank < pkg.universe(); rank++) {
      for (Need need : needs(pkg, rank)) {
        collect(pkg, rank, universe.overridden(pkg, need), false, ranks, needs);
      }
      if (pkg.kind == SolverPackage.Kind.VERSIONS) {
        for (Need need : pkg.candidates.get(rank).constraints()) {
          collect(pkg, rank, need, true, ranks, needs);
        }
      }
    }
    List<Shared> shared = new ArrayList<>();
    ranks.forEach(
        (key, set) -> {
          Need need = needs.get(key);
          if (need != null) {
            shared.add(new Shared(need, key.constraint(), set.build()));
          }
        });
    return shared;
  }

  private static void collect(
      SolverPackage pkg,
      int rank,
      Need need,
      boolean constraint,
      Map<Key, RankSet.Builder> ranks,
      Map<Key, Need> needs) {
    Key key = new Key(need.name(), need.range().text(), need.features(), constraint);
    needs.putIfAbsent(key, need);
    ranks.computeIfAbsent(key, k -> new RankSet.Builder(pkg.universe())).add(rank);
  }

  private List<Need> needs(SolverPackage pkg, int rank) {
    return switch (pkg.kind) {
      case PROJECT -> request.roots();
      case VERSIONS -> pkg.candidates.get(rank).needs();
      case FEATURE -> {
        Candidate.Feature feature = pkg.candidates.get(rank).features().get(pkg.feature);
        yield feature == null ? List.of() : feature.needs();
      }
      case CHOICE -> List.of();
    };
  }

  private void add(SolverPackage pkg, Shared shared, List<Incompatibility> facts) {
    Term from = new Term(pkg, shared.ranks(), true);
    Need need = shared.need();
    if (shared.constraint()) {
      Cause cause = new Cause.Constraint(pkg, need);
      for (SolverPackage target : universe.versionsOf(need.name())) {
        RankSet outside = target.all.minus(universe.matching(target, need.range()));
        if (!outside.isEmpty()) {
          facts.add(Incompatibility.joining(List.of(from, new Term(target, outside, true)), cause));
        }
      }
      return;
    }
    Cause cause = new Cause.Requirement(pkg, need);
    List<Term> terms = universe.terms(need);
    if (terms.isEmpty()) {
      facts.add(new Incompatibility(List.of(from), cause));
    }
    for (Term term : terms) {
      facts.add(Incompatibility.joining(List.of(from, term.negated()), cause));
    }
  }

  /**
   * The features of the same version that a feature switches on, as facts of the feature's package.
   */
  List<Incompatibility> impliedFeatures(SolverPackage pkg, int rank) {
    if (pkg.kind != SolverPackage.Kind.FEATURE || pkg.base == null) {
      return List.of();
    }
    Candidate.Feature feature = pkg.candidates.get(rank).features().get(pkg.feature);
    if (feature == null) {
      return List.of();
    }
    RankSet one = RankSet.of(pkg.universe(), rank);
    List<Incompatibility> facts = new ArrayList<>();
    for (String implied : feature.features()) {
      SolverPackage other = universe.feature(pkg.base, implied);
      facts.add(
          new Incompatibility(
              List.of(new Term(pkg, one, true), new Term(other, one, false)),
              new Cause.Structure(pkg)));
    }
    facts.addAll(universe.takeStructure());
    return facts;
  }
}
