package dev.raya.cli.console;

/** The command line was not understood (RAYA-CLI-001, exit 2). */
public final class UsageException extends CommandException {
  private static final long serialVersionUID = 1L;

  /** The code of every usage error. */
  public static final String CODE = "RAYA-CLI-001";

  /** Names what was wrong, and in notes what to type instead. */
  public UsageException(String message, String... notes) {
    super(CODE, message, notes);
  }
}
