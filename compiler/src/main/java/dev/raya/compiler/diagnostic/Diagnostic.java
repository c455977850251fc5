package dev.raya.compiler.diagnostic;

import dev.raya.compiler.source.Span;
import java.util.Comparator;
import java.util.List;

/**
 * Something to tell about the user's program (language.md 19).
 *
 * @param message one line
 * @param notes further places or facts
 * @param fixes exact edits that would remove it
 */
public record Diagnostic(
    DiagnosticCode code, Span span, String message, List<Note> notes, List<Fix> fixes) {
  /** File, line, column, code. */
  public static final Comparator<Diagnostic> ORDER = Diagnostic::compare;

  /** Copies the lists. */
  public Diagnostic {
    notes = List.copyOf(notes);
    fixes = List.copyOf(fixes);
  }

  private static int compare(Diagnostic first, Diagnostic second) {
    int byFile = first.span().file().name().compareTo(second.span().file().name());
    if (byFile != 0) {
      return byFile;
    }
    int byPlace = Integer.compare(first.span().start(), second.span().start());
    return byPlace != 0 ? byPlace : first.code().code().compareTo(second.code().code());
  }

  /** A diagnostic without notes and fixes. */
  public Diagnostic(DiagnosticCode code, Span span, String message) {
    this(code, span, message, List.of(), List.of());
  }

  /** Its severity. */
  public Severity severity() {
    return code.severity();
  }

  /** Whether it stops code generation. */
  public boolean isError() {
    return severity() == Severity.ERROR;
  }

  /** A further fact, with its place in the source. */
  public record Note(Span span, String message) {}

  /** An edit: replace the span by the text. */
  public record Fix(Span span, String replacement, String title) {}
}
