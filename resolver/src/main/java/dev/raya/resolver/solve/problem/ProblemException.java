package dev.raya.resolver.solve.problem;

/**
 * A file that is no problem in the format {@code raya-resolve/1}; the message says where and why.
 */
public final class ProblemException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes the exception; {@code message} says what was expected and found, and where. */
  public ProblemException(String message) {
    super(message);
  }
}
