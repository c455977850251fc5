package dev.raya.registry.advisory;

/** A document that is no advisory that this registry takes. */
public final class MalformedAdvisoryException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedAdvisoryException(String message) {
    super(message);
  }
}
