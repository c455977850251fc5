package dev.raya.resolver.project;

import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.ResolverException;

/**
 * A resolution whose packages fit but that is refused all the same: a cycle, a native module twice.
 */
public final class ProjectException extends ResolverException {
  private static final long serialVersionUID = 1L;

  /** Makes the exception. */
  public ProjectException(ResolverCode code, String message) {
    super(code, message);
  }
}
