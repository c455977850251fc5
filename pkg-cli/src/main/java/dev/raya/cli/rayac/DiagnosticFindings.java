package dev.raya.cli.rayac;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.Span;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticText;
import dev.raya.compiler.diagnostic.Severity;
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
    for (Diagnostic diagnostic : diagnostics) {
      if (diagnostic.isError() && ++errors > limit) {
        continue;
      }
      console.report(of(diagnostic, shown));
    }
    if (errors > limit) {
      console.status((errors - limit) + " more errors; see them all with --max-errors " + errors);
    }
  }

  static Finding of(Diagnostic diagnostic, UnaryOperator<String> shown) {
    List<Finding.Note> notes = new ArrayList<>();
    for (Diagnostic.Note note : diagnostic.notes()) {
      notes.add(new Finding.Note(note.message(), span(note.span(), shown)));
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
    String excerpt = DiagnosticText.quote(diagnostic.span());
    return new Finding(
        diagnostic.code().code(),
        switch (diagnostic.severity()) {
          case Severity.ERROR -> Finding.Severity.ERROR;
          case Severity.WARNING -> Finding.Severity.WARNING;
        },
        diagnostic.message(),
        span(diagnostic.span(), shown),
        excerpt.isEmpty() ? null : excerpt,
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
