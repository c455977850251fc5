package dev.raya.resolver.lock;

import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.ResolverException;

/** A lockfile that is malformed (RAYA-PKG-005) or does not follow (RAYA-PKG-007). */
public final class LockfileException extends ResolverException {
  private static final long serialVersionUID = 1L;
  private final int line;

  /**
   * Makes the exception.
   *
   * @param code which of the two
   * @param file the lockfile's name as the user knows it
   * @param line line of the fault, from 1; 0 where it is not of one line
   * @param message what was expected and found
   */
  public LockfileException(ResolverCode code, String file, int line, String message) {
    super(code, (line > 0 ? file + ':' + line : file) + ": " + message);
    this.line = line;
  }

  /** Line of the fault, from 1; 0 where it is not of one line. */
  public int line() {
    return line;
  }
}
