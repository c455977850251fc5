package dev.raya.resolver.solve;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds further requirements that no contradiction can do without, from choices that meet all but
 * one: if changing the choice of one package breaks just one other requirement instead, that one is
 * indispensable too (recursive model rotation; Belov and Marques-Silva, 2011). Breadth first,
 * without recursion.
 */
final class Rotation {
  /** Packages with more ranks than this are only tried as absent, where the broken one starts. */
  private static final int MOST_RANKS = 64;

  private final Catalog catalog;

  /** For each requirement that counts its group, else −1: requirements of a group go together. */
  private final int[] groupOf;

  /** For each package those whose requirements may name it. */
  private final Map<SolverPackage, Set<SolverPackage>> sources = new HashMap<>();

  private int[] rankOf;
  private @Nullable Model now;
  private @Nullable Requirement found;

  /**
   * Takes the requirements that count.
   *
   * @param groups numbers of requirements, by group
   */
  Rotation(Catalog catalog, List<BitSet> groups) {
    this.catalog = catalog;
    this.groupOf = new int[catalog.requirementCount()];
    this.rankOf = new int[catalog.packages().size()];
    Arrays.fill(groupOf, -1);
    for (int group = 0; group < groups.size(); group++) {
      BitSet numbers = groups.get(group);
      for (int i = numbers.nextSetBit(0); i >= 0; i = numbers.nextSetBit(i + 1)) {
        groupOf[i] = group;
      }
    }
    for (SolverPackage pkg : List.copyOf(catalog.packages())) {
      for (Fact fact : pkg.structure) {
        link(fact);
      }
      Requirements requirements = pkg.requirements;
      if (requirements != null) {
        for (Requirement requirement : requirements.all()) {
          if (counts(requirement)) {
            catalog.facts(requirement).forEach(this::link);
          }
        }
      }
    }
  }

  private void link(Fact fact) {
    SolverPackage target = fact.target();
    if (target != null) {
      sources.computeIfAbsent(target, t -> new LinkedHashSet<>()).add(fact.from());
    }
  }

  private boolean counts(Requirement requirement) {
    return requirement.number < groupOf.length && groupOf[requirement.number] >= 0;
  }

  /**
   * Choices that break just one requirement, as what they differ in from others.
   *
   * @param before those others, or null for the choices that the rotation began with
   */
  private record Model(@Nullable Model before, int pkg, int rank, Requirement broken) {}

  /**
   * Marks the groups found indispensable.
   *
   * @param chosen for each package's id its rank, or −1; meets all groups but one
   * @param indispensable groups known, to which those found are added
   */
  void rotate(int[] chosen, BitSet indispensable) {
    // Features bring structure that depends on single ranks; their choices are not turned.
    for (SolverPackage pkg : catalog.packages()) {
      if (pkg.base != null) {
        return;
      }
    }
    int[] start = Arrays.copyOf(chosen, catalog.packages().size());
    Arrays.fill(start, chosen.length, start.length, -1);
    rankOf = start.clone();
    Requirement first = onlyBroken();
    if (first == null) {
      return;
    }
    Deque<Model> open = new ArrayDeque<>();
    open.add(new Model(null, -1, -1, first));
    while (!open.isEmpty()) {
      Model model = open.poll();
      apply(start, model);
      now = model;
      Requirement broken = model.broken();
      SolverPackage from = broken.from;
      if (from.kind != SolverPackage.Kind.PROJECT) {
        turn(from, -1, open, indispensable);
        for (int rank = 0; from.universe() <= MOST_RANKS && rank < from.universe(); rank++) {
          turn(from, rank, open, indispensable);
        }
      }
      for (Fact fact : catalog.facts(broken)) {
        SolverPackage target = fact.target();
        Ranks targets = fact.targets();
        if (target != null && targets != null && !holds(fact)) {
          RankSet set = targets.set();
          for (int rank = set.lowest(); rank >= 0; rank = set.next(rank + 1)) {
            turn(target, rank, open, indispensable);
          }
          if (!fact.requires()) {
            turn(target, -1, open, indispensable);
          }
        }
      }
    }
  }

  private void apply(int[] start, Model model) {
    System.arraycopy(start, 0, rankOf, 0, start.length);
    BitSet set = new BitSet();
    for (Model at = model; at != null && at.pkg() >= 0; at = at.before()) {
      if (!set.get(at.pkg())) {
        set.set(at.pkg());
        rankOf[at.pkg()] = at.rank();
      }
    }
  }

  /** The requirement that is broken; null if there are several. */
  private @Nullable Requirement onlyBroken() {
    found = null;
    for (SolverPackage pkg : catalog.packages()) {
      if (pkg.requirements != null && !look(pkg)) {
        return null;
      }
    }
    return found;
  }

  private void turn(SolverPackage pkg, int rank, Deque<Model> open, BitSet indispensable) {
    int before = rankOf[pkg.id];
    if (rank == before) {
      return;
    }
    rankOf[pkg.id] = rank;
    found = null;
    // What was broken starts at this package or at one that names it, so it is looked at too.
    boolean one = look(pkg);
    for (SolverPackage source : sources.getOrDefault(pkg, Set.of())) {
      one = one && (source == pkg || look(source));
    }
    Requirement requirement = found;
    if (one && requirement != null) {
      int group = groupOf[requirement.number];
      if (!indispensable.get(group)) {
        indispensable.set(group);
        open.add(new Model(now, pkg.id, rank, requirement));
      }
    }
    rankOf[pkg.id] = before;
  }

  /** Looks for what a package's choice breaks. False if more than one thing is broken by now. */
  private boolean look(SolverPackage pkg) {
    int rank = rankOf[pkg.id];
    if (rank < 0) {
      return true;
    }
    for (Fact fact : pkg.structure) {
      if (fact.ranks().set().contains(rank) && !holds(fact)) {
        return false;
      }
    }
    Requirements requirements = catalog.requirements(pkg);
    for (int index : requirements.byRank()[rank]) {
      Requirement requirement = requirements.all().get(index);
      if (counts(requirement) && !holds(requirement)) {
        if (found != null) {
          return false;
        }
        found = requirement;
      }
    }
    return true;
  }

  private boolean holds(Requirement requirement) {
    for (Fact fact : catalog.facts(requirement)) {
      if (!holds(fact)) {
        return false;
      }
    }
    return true;
  }

  /** Whether a fact holds, one of whose ranks is chosen. */
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
