package dev.raya.cli.pm.project;

import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import java.util.List;

/** The compiler refused a project. In text mode it has told the user why itself. */
public final class BuildFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int exit;
  private final transient List<Finding> findings;

  /**
   * A refused build.
   *
   * @param exit the compiler's exit code
   * @param findings what it found, where it did not tell the user itself
   */
  BuildFailure(int exit, List<Finding> findings) {
    super("the compiler ended with " + exit);
    this.exit = exit;
    this.findings = List.copyOf(findings);
  }

  /** Reports what the compiler found and gives its exit code. */
  public int report(Console console) {
    for (Finding finding : findings) {
      console.report(finding);
    }
    return exit;
  }
}
