package dev.raya.compiler.lint;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.source.Span;
import java.util.List;

/**
 * What a rule found.
 *
 * @param fixes the edits that mend it, all together; none if that is not certain
 */
public record LintFinding(LintRule rule, Span span, String message, List<Diagnostic.Fix> fixes) {
  /** Copies the list. */
  public LintFinding {
    fixes = List.copyOf(fixes);
  }
}
