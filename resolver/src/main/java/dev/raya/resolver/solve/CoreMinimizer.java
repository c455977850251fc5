package dev.raya.resolver.solve;

import dev.raya.resolver.solve.SolverResult.GaveUp;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Shrinks a refutation to requirements that contradict each other and of which none can be left
 * out. By deletion: each requirement is dropped in turn and the rest solved again; if it still
 * fails, only what that refutation uses is kept, and if not, {@link Rotation} finds others that
 * cannot be dropped either. What is dropped is the requirement, never a version: masks, locks,
 * overrides and features stay as they are.
 */
public final class CoreMinimizer {
  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::pkg)
          .thenComparing(Key::feature)
          .thenComparing(key -> key.need().name())
          .thenComparing(key -> key.need().range().text())
          .thenComparing(Key::constraint)
          .thenComparing(key -> key.need().origin())
          .thenComparing(key -> String.join(" ", key.need().features()));

  private final SolverRequest request;
  private final CandidateSource source;
  private final long budget;
  private final long effort;

  /**
   * Takes the request that has no solution.
   *
   * @param budget conflicts that one probe may take
   * @param effort decisions and conflicts that all probes together may take; then the core is left
   *     as it is
   */
  public CoreMinimizer(SolverRequest request, CandidateSource source, long budget, long effort) {
    this.request = request;
    this.source = source;
    this.budget = budget;
    this.effort = effort;
  }

  /** Requirements that are one as far as a user sees it: lines of one package may share it. */
  private record Key(String pkg, String feature, Need need, boolean constraint) {}

  /** Such requirements and their numbers in the catalog. */
  private record Group(Key key, BitSet numbers) {}

  /** A minimal core within a refutation. */
  public Core minimise(Refutation refutation) {
    Catalog catalog = refutation.catalog();
    boolean same =
        catalog.request().withConflictBudget(budget).equals(request.withConflictBudget(budget));
    if (!same) {
      catalog = new Catalog(request, source);
      if (!(new Solver(catalog).solve() instanceof Unsolvable again)) {
        throw new IllegalArgumentException("the refutation is of another request");
      }
      return minimise(again.refutation());
    }
    return new Shrinking(catalog, groups(catalog, refutation.requirements())).core();
  }

  /** The work on one refutation. */
  private final class Shrinking {
    private final Catalog catalog;
    private List<Group> groups;
    private BitSet indispensable = new BitSet();
    private boolean minimal = true;
    private long spent;

    Shrinking(Catalog catalog, List<Group> groups) {
      this.catalog = catalog;
      this.groups = groups;
    }

    Core core() {
      // The last ones first: what is far from the project is rather dropped than what it states.
      int at = groups.size() - 1;
      while (at >= 0) {
        if (indispensable.get(at)) {
          at--;
          continue;
        }
        if (spent >= effort) {
          minimal = false;
          break;
        }
        at = probe(at);
      }
      List<CoreNeed> needs = new ArrayList<>();
      for (Group group : groups) {
        needs.add(need(catalog, group));
      }
      return new Core(needs, minimal);
    }

    /** Tries to do without a group; the next one to try. */
    private int probe(int at) {
      BitSet kept = new BitSet();
      for (int i = 0; i < groups.size(); i++) {
        if (i != at) {
          kept.or(groups.get(i).numbers());
        }
      }
      Solver solver = new Solver(request.withConflictBudget(budget), catalog, kept);
      SolverResult result = solver.solve();
      spent += result.statistics().decisions() + result.statistics().conflicts() + 1;
      return switch (result) {
        case Solved solved -> {
          indispensable.set(at);
          List<BitSet> numbers = groups.stream().map(Group::numbers).toList();
          new Rotation(catalog, numbers).rotate(solver.choices(), indispensable);
          yield at - 1;
        }
        case GaveUp gaveUp -> {
          minimal = false;
          yield at - 1;
        }
        case Unsolvable unsolvable -> keep(unsolvable.refutation().requirements(), at);
      };
    }

    private int keep(BitSet used, int tried) {
      List<Group> rest = new ArrayList<>();
      BitSet known = new BitSet();
      int next = -1;
      for (int i = 0; i < groups.size(); i++) {
        Group group = groups.get(i);
        if (i != tried && group.numbers().intersects(used)) {
          known.set(rest.size(), indispensable.get(i));
          rest.add(group);
          next += i < tried ? 1 : 0;
        }
      }
      groups = rest;
      indispensable = known;
      return next;
    }
  }

  /** The requirements of a set by what a user sees, those of the project first, else by name. */
  private static List<Group> groups(Catalog catalog, BitSet numbers) {
    Map<Key, BitSet> byKey = new HashMap<>();
    for (SolverPackage pkg : catalog.packages()) {
      Requirements requirements = pkg.requirements;
      if (requirements == null) {
        continue;
      }
      for (Requirement requirement : requirements.all()) {
        if (numbers.get(requirement.number)) {
          byKey.computeIfAbsent(key(requirement), k -> new BitSet()).set(requirement.number);
        }
      }
    }
    List<Key> keys = new ArrayList<>(byKey.keySet());
    keys.sort(ORDER);
    List<Group> groups = new ArrayList<>();
    for (Key key : keys) {
      groups.add(new Group(key, byKey.getOrDefault(key, new BitSet())));
    }
    return groups;
  }

  private static Key key(Requirement requirement) {
    SolverPackage from = requirement.from;
    return new Key(
        from.kind == SolverPackage.Kind.PROJECT ? "" : from.name,
        from.feature,
        requirement.need,
        requirement.constraint);
  }

  private static CoreNeed need(Catalog catalog, Group group) {
    Set<Version> versions = new TreeSet<>();
    BitSet numbers = group.numbers();
    for (int i = numbers.nextSetBit(0); i >= 0; i = numbers.nextSetBit(i + 1)) {
      Requirement requirement = catalog.requirement(i);
      if (requirement.from.kind != SolverPackage.Kind.PROJECT) {
        for (int rank : requirement.ranks) {
          versions.add(requirement.from.version(rank));
        }
      }
    }
    Key key = group.key();
    return new CoreNeed(
        key.pkg(), key.feature(), List.copyOf(versions), key.need(), key.constraint());
  }

  /** The requirements that a refutation uses, those of the project first. */
  static List<CoreNeed> needs(Refutation refutation) {
    Catalog catalog = refutation.catalog();
    List<CoreNeed> needs = new ArrayList<>();
    for (Group group : groups(catalog, refutation.requirements())) {
      needs.add(need(catalog, group));
    }
    return needs;
  }
}
