package dev.raya.compiler.ssa;

/** A change of one function that keeps what it does. */
interface Pass {
  /** Its name, for messages. */
  String name();

  /**
   * Changes a function.
   *
   * @return whether anything changed
   */
  boolean run(SsaFunction function, ValueTypes types);
}
