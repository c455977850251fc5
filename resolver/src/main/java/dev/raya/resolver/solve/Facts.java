package dev.raya.resolver.solve;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The facts that versions of a package bring with them, made when one of the versions is about to
 * be chosen. Versions with the same requirement share one fact. The order of facts is that of their
 * text, so that it does not depend on the order in which requirements are written. Owned by one
 * search.
 */
final class Facts {
  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::name)
          .thenComparing(Key::constraint)
          .thenComparing(Key::range)
          .thenComparing(key -> String.join(" ", key.features()))
          .thenComparing(Key::origin);

  private final Universe universe;
  private final SolverRequest request;
  private final Map<SolverPackage, List<Shared>> grouped = new HashMap<>();

  /** A requirement as stated and as it counts, and the versions that have it. */
  private record Shared(Need need, Need effective, boolean constraint, RankSet ranks) {}

  private record Key(
      String name, String range, List<String> features, boolean constraint, String origin) {}

  /** The versions of one package that have a requirement, while they are collected. */
  private record Group(Need need, RankSet.Builder ranks) {}

  Facts(Universe universe, SolverRequest request) {
    this.universe = universe;
    this.request = request;
  }

  /** The facts of a rank that were not given before; waits for the packages it needs. */
  List<Incompatibility> expand(SolverPackage pkg, int rank) {
    List<Incompatibility> facts = new ArrayList<>();
    List<Shared> fresh = new ArrayList<>();
    for (Shared shared : grouped.computeIfAbsent(pkg, this::group)) {
      // A fact that several versions share is given with the first of them.
      if (shared.ranks().contains(rank) && shared.ranks().isDisjointFrom(pkg.expanded)) {
        fresh.add(shared);
        universe.prefetch(shared.need().name());
      }
    }
    for (Shared shared : fresh) {
      add(pkg, shared, facts);
    }
    if (pkg.kind == SolverPackage.Kind.FEATURE && pkg.base != null) {
      addFeature(pkg, pkg.base, rank, facts);
    }
    pkg.expanded = pkg.expanded.or(RankSet.of(pkg.universe(), rank));
    facts.addAll(universe.takeStructure());
    return facts;
  }

  /** A feature belongs to its version, and switches on other features of it. */
  private void addFeature(
      SolverPackage pkg, SolverPackage base, int rank, List<Incompatibility> facts) {
    RankSet one = RankSet.of(pkg.universe(), rank);
    Cause cause = new Cause.Structure(pkg);
    Term chosen = new Term(pkg, one, true);
    facts.add(new Incompatibility(List.of(chosen, new Term(base, one, false)), cause));
    Candidate.Feature feature = pkg.candidates.get(rank).features().get(pkg.feature);
    if (feature != null) {
      for (String implied : feature.features()) {
        SolverPackage other = universe.feature(base, implied);
        if (other != pkg) {
          facts.add(new Incompatibility(List.of(chosen, new Term(other, one, false)), cause));
        }
      }
    }
  }

  private List<Shared> group(SolverPackage pkg) {
    Map<Key, Group> groups = new HashMap<>();
    for (int rank = 0; rank < pkg.universe(); rank++) {
      for (Need need : needs(pkg, rank)) {
        collect(pkg, rank, need, false, groups);
      }
      if (pkg.kind == SolverPackage.Kind.VERSIONS) {
        for (Need need : pkg.candidates.get(rank).constraints()) {
          collect(pkg, rank, need, true, groups);
        }
      }
    }
    List<Shared> shared = new ArrayList<>();
    groups.entrySet().stream()
        .sorted(Map.Entry.comparingByKey(ORDER))
        .forEach(
            entry -> {
              Need need = entry.getValue().need();
              boolean constraint = entry.getKey().constraint();
              Need effective = constraint ? need : universe.overridden(pkg, need);
              shared.add(new Shared(need, effective, constraint, entry.getValue().ranks().build()));
            });
    return shared;
  }

  private static void collect(
      SolverPackage pkg, int rank, Need need, boolean constraint, Map<Key, Group> groups) {
    // Several files of a workspace may ask for the same, and each is to be named.
    String origin = pkg.kind == SolverPackage.Kind.PROJECT ? need.origin() : "";
    Key key = new Key(need.name(), need.range().text(), need.features(), constraint, origin);
    groups
        .computeIfAbsent(key, k -> new Group(need, new RankSet.Builder(pkg.universe())))
        .ranks()
        .add(rank);
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
    Need need = shared.effective();
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
    Cause cause = new Cause.Requirement(pkg, shared.need(), need);
    List<Term> terms = universe.terms(need);
    if (terms.isEmpty()) {
      facts.add(new Incompatibility(List.of(from), cause));
    }
    for (Term term : terms) {
      facts.add(Incompatibility.joining(List.of(from, term.negated()), cause));
    }
  }
}
