package dev.raya.cli.pm.mcp;

/** A call that is refused before any command is run; the message says what was expected. */
final class ToolException extends Exception {
  private static final long serialVersionUID = 1L;

  ToolException(String message) {
    super(message);
  }
}
