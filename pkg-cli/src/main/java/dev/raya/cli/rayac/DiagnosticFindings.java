package dev.raya.cli.rayac;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Span;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.Severity;
import dev.raya.compiler.diagnostic.SourceExcerpt;
import dev.raya.compiler.source.Position;
import dev.raya.compiler.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** The compiler's diagnostics as findings of the console, which prints them in every format. */
final class DiagnosticFindings {
  private DiagnosticFindings() {}

  /** Reports diagnostics, at most {@code limit} errors, with the compiler's names of files. */
  static void report(List<Diagnostic> diagnostics, long limit, Console console) {
    report(diagnostics, limit, console, UnaryOperator.identity());
  }

  /**
   * Reports diagnostics, at most {@code limit} errors.
   *
   * @param shown how a file that the compiler names is shown to the user
   */
  static void report(
      List<Diagnostic> diagnostics, long limit, Console console, UnaryOperator<String> shown) {
    long errors = 0;
    long warnings = 0;
    long fixable = 0;
    for (Diagnostic diagnostic : diagnostics) {
      warnings += diagnostic.isError() ? 0 : 1;
      fixable += diagnostic.fixes().size() == 1 ? 1 : 0;
      if (diagnostic.isError() && ++errors > limit) {
        continue;
      }
      console.report(of(diagnostic, shown));
    }
    if (errors > limit) {
      console.status((errors - limit) + " more errors; see them all with --max-errors " + errors);
    }
    if (errors + warnings > 0) {
      console.status("\n" + summary(errors, warnings, fixable));
    }
  }

  private static String summary(long errors, long warnings, long fixable) {
    List<String> parts = new ArrayList<>();
    if (errors > 0) {
      parts.add(counted(errors, "error"));
    }
    if (warnings > 0) {
      parts.add(counted(warnings, "warning"));
    }
    return String.join(", ", parts)
        + (fixable == 0 ? "" : "; `rayac check --fix` mends " + fixable + " of them");
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  static Finding of(Diagnostic diagnostic, UnaryOperator<String> shown) {
    List<Finding.Note> notes = new ArrayList<>();
    List<Diagnostic.Note> beside = new ArrayList<>();
    for (Diagnostic.Note note : diagnostic.notes()) {
      boolean near =
          note.span().file() == diagnostic.span().file() && note.message().indexOf('\n') < 0;
      if (near) {
        beside.add(note);
      }
      notes.add(
          new Finding.Note(
              note.message(),
              span(note.span(), shown),
              near ? null : SourceExcerpt.secondary(note.span()),
              near));
    }
    List<Finding.Fix> fixes = new ArrayList<>();
    for (Diagnostic.Fix fix : diagnostic.fixes()) {
      fixes.add(
          new Finding.Fix(
              fix.title(),
              List.of(
                  new Finding.Edit(
                      span(fix.span(), shown), fix.replacement(), digest(fix.span().file())))));
    }
    return new Finding(
        diagnostic.code().code(),
        switch (diagnostic.severity()) {
          case Severity.ERROR -> Finding.Severity.ERROR;
          case Severity.WARNING -> Finding.Severity.WARNING;
        },
        diagnostic.message(),
        span(diagnostic.span(), shown),
        SourceExcerpt.of(diagnostic.span(), beside),
        notes,
        fixes,
        null);
  }

  /** The digest of a file as it was read; a byte order mark is part of it. */
  static String digest(SourceFile file) {
    return "sha256:" + Digest.of(file.text().getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** A span as the console shows it. */
  static Span span(dev.raya.compiler.source.Span span, UnaryOperator<String> shown) {
    return new Span(shown.apply(span.file().name()), position(span.from()), position(span.until()));
  }

  private static Span.Position position(Position position) {
    return new Span.Position(position.line(), position.column(), position.offset());
  }
}
