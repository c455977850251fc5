package dev.raya.resolver.solve;

/** Where a fact comes from. */
sealed interface Cause {

  /** The project itself is always chosen. */
  record Project() implements Cause {}

  /**
   * Versions of a package require something.
   *
   * @param from who requires
   * @param need what, as stated
   * @param effective what counts: an override may have replaced the range
   */
  record Requirement(SolverPackage from, Need need, Need effective) implements Cause {}

  /**
   * Versions of a package constrain another that is there for another reason.
   *
   * @param from who constrains
   * @param need what
   */
  record Constraint(SolverPackage from, Need need) implements Cause {}

  /**
   * A consequence of how the problem is put to the engine: a feature belongs to its version, a
   * choice means one of its lines.
   *
   * @param from the auxiliary package
   */
  record Structure(SolverPackage from) implements Cause {}

  /**
   * Learnt from two facts.
   *
   * @param first one
   * @param second the other
   */
  record Learnt(Incompatibility first, Incompatibility second) implements Cause {}
}
