package dev.raya.cli.console;

/**
 * The exit codes of all programs (cli.md 1). A started Raya program ends with its own code instead.
 */
public final class ExitCode {
  /** Done. */
  public static final int OK = 0;

  /** The user's problem: compile error, no solution, test failed, publish refused. */
  public static final int PROBLEM = 1;

  /** The command line was not understood. */
  public static final int USAGE = 2;

  /** Integrity, signature or freshness failure, or refused bytecode. */
  public static final int INTEGRITY = 3;

  /** Network or registry unreachable, or needed and offline. */
  public static final int NETWORK = 4;

  /** Not permitted: credentials or grants. */
  public static final int PERMISSION = 5;

  /** A fault of the program itself; a report file was written. */
  public static final int INTERNAL = 70;

  /** Interrupted by the user. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
