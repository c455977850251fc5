package dev.raya.compiler.ssa;

/**
 * The type of a value cannot be told from what the compiler knows. The function is then left as it
 * was lowered. No trace: it is caught at once.
 */
final class UnknownTypeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownTypeException(String what) {
    super(what, null, false, false);
  }
}
