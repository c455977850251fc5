package dev.raya.resolver.audit;

import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.ResolverException;

/** A document that is no list of advisories in the OSV format. */
public final class OsvException extends ResolverException {
  private static final long serialVersionUID = 1L;

  OsvException(String message) {
    super(ResolverCode.NOT_A_REGISTRY_ANSWER, message);
  }
}
