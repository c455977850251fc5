package dev.raya.resolver.version;

/**
 * A refusal of this module that the user can act on. The message says what was expected, what was
 * found, where, and what to do.
 */
public abstract class ResolverException extends Exception {
  private static final long serialVersionUID = 1L;
  private final ResolverCode resolverCode;

  /**
   * Makes the exception.
   *
   * @param resolverCode which refusal
   * @param message what the user reads
   */
  protected ResolverException(ResolverCode resolverCode, String message) {
    super(message);
    this.resolverCode = resolverCode;
  }

  /** Which refusal. */
  public final ResolverCode resolverCode() {
    return resolverCode;
  }

  /** The code as printed, for example {@code RAYA-PKG-003}. */
  public final String code() {
    return resolverCode.code();
  }

  /** The message of this exception, never null. */
  public final String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
