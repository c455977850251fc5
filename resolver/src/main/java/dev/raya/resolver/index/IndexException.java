package dev.raya.resolver.index;

import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.ResolverException;

/** Bytes that are no index document, registry configuration or package metadata (RAYA-NET-004). */
public final class IndexException extends ResolverException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the exception.
   *
   * @param document what was read, for example {@code index document of logging}
   * @param line line of the fault, from 1; 0 where it is not of one line
   * @param message what was expected and found
   */
  public IndexException(String document, int line, String message) {
    super(
        ResolverCode.NOT_A_REGISTRY_ANSWER,
        document + (line > 0 ? ", line " + line : "") + ": " + message);
  }
}
