package dev.raya.cli.console;

import java.util.List;

/**
 * A command failed for a reason the user can act on. The first finding that is an error decides the
 * exit code, by the registry of codes.
 */
public class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;

  /** Fails with these findings, at least one. */
  public CommandException(List<Finding> findings) {
    super(findings.getFirst().code() + ": " + findings.getFirst().message());
    this.findings = List.copyOf(findings);
  }

  /** Fails with one finding. */
  public CommandException(Finding finding) {
    this(List.of(finding));
  }

  /** Fails with one error; each note is a line of its own below the message. */
  public CommandException(String code, String message, String... notes) {
    this(Finding.error(code, message, notes));
  }

  /** What went wrong, in the order of importance. */
  public final List<Finding> findings() {
    return findings;
  }
}
