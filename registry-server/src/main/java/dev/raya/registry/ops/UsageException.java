package dev.raya.registry.ops;

/** A command line that says nothing we can do; exit code 2. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
