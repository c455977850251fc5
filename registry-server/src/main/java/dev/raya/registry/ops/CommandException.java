package dev.raya.registry.ops;

/** A command that cannot be done, with its code and exit code (spec: cli.md sections 1 and 5). */
final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;
  private final int exit;

  CommandException(int exit, String message) {
    super(message);
    this.exit = exit;
  }

  CommandException(int exit, String message, Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  int exit() {
    return exit;
  }
}
