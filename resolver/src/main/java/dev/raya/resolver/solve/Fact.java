package dev.raya.resolver.solve;

import org.jspecify.annotations.Nullable;

/**
 * A fact of the problem: if one of some ranks of a package is chosen, then something holds of
 * another package.
 *
 * @param from the package
 * @param ranks those ranks
 * @param target the other package, which may be the same; null if nothing can hold
 * @param targets ranks of the target, at least one; null if there is no target
 * @param requires whether the target must be present, with one of {@code targets}; else it must
 *     only not have another rank
 * @param requirement what it follows from, or null for how features and choices are put to the
 *     solver
 */
record Fact(
    SolverPackage from,
    Ranks ranks,
    @Nullable SolverPackage target,
    @Nullable Ranks targets,
    boolean requires,
    @Nullable Requirement requirement) {

  /** That some ranks cannot be chosen. */
  static Fact never(SolverPackage from, RankSet ranks, @Nullable Requirement requirement) {
    return new Fact(from, from.ranks(ranks), null, null, false, requirement);
  }

  /** That some ranks bring in another package. */
  static Fact needs(
      SolverPackage from, RankSet ranks, Term target, @Nullable Requirement requirement) {
    SolverPackage pkg = target.pkg();
    return new Fact(from, from.ranks(ranks), pkg, pkg.ranks(target.set()), true, requirement);
  }

  /** That some ranks do not go with those of another package outside a set. */
  static Fact constrains(
      SolverPackage from, RankSet ranks, Term target, @Nullable Requirement requirement) {
    SolverPackage pkg = target.pkg();
    return new Fact(from, from.ranks(ranks), pkg, pkg.ranks(target.set()), false, requirement);
  }
}
