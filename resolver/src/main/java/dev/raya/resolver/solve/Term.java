package dev.raya.resolver.solve;

/**
 * A statement about one package: positive, "it is chosen, in this set", or negative, "it is not
 * chosen in this set".
 *
 * @param pkg the package
 * @param set ranks of it
 * @param positive which of the two
 */
record Term(SolverPackage pkg, RankSet set, boolean positive) {
  /** The statement that both hold, of the same package. */
  Term and(Term other) {
    if (positive && other.positive) {
      return new Term(pkg, set.and(other.set), true);
    }
    if (positive) {
      return new Term(pkg, set.minus(other.set), true);
    }
    return other.positive
        ? new Term(pkg, other.set.minus(set), true)
        : new Term(pkg, set.or(other.set), false);
  }
}
