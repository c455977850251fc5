package dev.raya.compiler.lower;

import dev.raya.compiler.diagnostic.Diagnostic;

/**
 * Ends the lowering of a package at an instance of generic code that cannot be: the type argument
 * has the members that its bound asks for, but is no object, and the code uses it as one.
 */
public final class InstanceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Diagnostic diagnostic;

  InstanceException(Diagnostic diagnostic) {
    super(diagnostic.message());
    this.diagnostic = diagnostic;
  }

  /** What is told of it. */
  public Diagnostic diagnostic() {
    return diagnostic;
  }
}
