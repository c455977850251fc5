package dev.raya.resolver.solve;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A requirement or constraint that some ranks of a package share. */
final class Requirement {
  /** Its number among those of the catalog. */
  final int number;

  final SolverPackage from;

  /** As stated. */
  final Need need;

  /** As it counts: an override may have replaced the range. */
  final Need effective;

  final boolean constraint;

  /** The ranks that have it, ascending. */
  final int[] ranks;

  /** The facts that it means, once the packages it names are known. */
  @Nullable List<Fact> facts;

  Requirement(
      int number, SolverPackage from, Need need, Need effective, boolean constraint, int[] ranks) {
    this.number = number;
    this.from = from;
    this.need = need;
    this.effective = effective;
    this.constraint = constraint;
    this.ranks = ranks;
  }
}
