package dev.raya.compiler.lint;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.ModuleSyntax;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds likely mistakes and departures from the style in one file. A comment {@code // lint-ignore
 * CODE reason} suppresses a rule on its own line or, where it stands alone, on the next; {@code //
 * lint-ignore-file CODE reason} in the whole file. One that suppresses nothing is a finding itself.
 */
public final class Linter {
  private static final String LINE = "lint-ignore ";
  private static final String FILE = "lint-ignore-file ";

  private Linter() {}

  /**
   * What came of it.
   *
   * @param findings in order of their places
   * @param errors syntax errors; then nothing else was looked for
   */
  public record Linted(List<LintFinding> findings, List<Diagnostic> errors) {
    /** Copies the lists. */
    public Linted {
      findings = List.copyOf(findings);
      errors = List.copyOf(errors);
    }
  }

  /** A comment that suppresses a rule. */
  private static final class Suppression {
    final String code;
    final int line;
    final boolean whole;
    final Span span;
    boolean used;

    Suppression(String code, int line, boolean whole, Span span) {
      this.code = code;
      this.line = line;
      this.whole = whole;
      this.span = span;
    }
  }

  /** Looks at a file. */
  public static Linted lint(SourceFile file) {
    Diagnostics diagnostics = new Diagnostics();
    ModuleSyntax module = Parser.parse(file, diagnostics);
    if (diagnostics.hasErrors()) {
      return new Linted(
          List.of(), diagnostics.sorted().stream().filter(Diagnostic::isError).toList());
    }
    List<Suppression> suppressions = suppressions(file);
    List<LintFinding> kept = new ArrayList<>();
    Rules rules = new Rules(file);
    rules.module(module.items());
    for (LintFinding finding : rules.findings()) {
      if (!suppressed(finding, suppressions)) {
        kept.add(finding);
      }
    }
    for (Suppression suppression : suppressions) {
      if (!suppression.used) {
        kept.add(
            new LintFinding(
                LintRule.NEEDLESS_SUPPRESSION,
                suppression.span,
                "nothing here is found by " + suppression.code,
                List.of()));
      }
    }
    kept.sort(
        Comparator.<LintFinding>comparingInt(f -> f.span().start())
            .thenComparing(f -> f.rule().code()));
    return new Linted(kept, List.of());
  }

  private static boolean suppressed(LintFinding finding, List<Suppression> suppressions) {
    int line = finding.span().file().line(finding.span().start());
    for (Suppression suppression : suppressions) {
      if (suppression.code.equals(finding.rule().code())
          && (suppression.whole || suppression.line == line)) {
        suppression.used = true;
        return true;
      }
    }
    return false;
  }

  private static List<Suppression> suppressions(SourceFile file) {
    List<Suppression> all = new ArrayList<>();
    for (int line = 1; line <= file.lineCount(); line++) {
      String text = file.lineText(line);
      int at = text.indexOf("// lint-ignore");
      if (at < 0) {
        continue;
      }
      String body = text.substring(at + 3);
      boolean whole = body.startsWith(FILE);
      if (!whole && !body.startsWith(LINE)) {
        continue;
      }
      String rest = body.substring((whole ? FILE : LINE).length()).strip();
      int end = rest.indexOf(' ');
      boolean alone = text.substring(0, at).isBlank();
      int start = file.lineStart(line) + at;
      all.add(
          new Suppression(
              end < 0 ? rest : rest.substring(0, end),
              alone ? line + 1 : line,
              whole,
              new Span(file, start, file.lineStart(line) + text.length())));
    }
    return all;
  }
}
