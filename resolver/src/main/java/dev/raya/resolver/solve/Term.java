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

  Term negated() {
    return new Term(pkg, set, !positive);
  }

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

  /** Whether it says nothing: "not chosen in the empty set". */
  boolean isTrivial() {
    return !positive && set.isEmpty();
  }

  /** Whether it follows from {@code this} that {@code other} holds. */
  boolean implies(Term other) {
    if (positive) {
      return other.positive ? set.isSubsetOf(other.set) : set.isDisjointFrom(other.set);
    }
    return !other.positive && other.set.isSubsetOf(set);
  }
}
