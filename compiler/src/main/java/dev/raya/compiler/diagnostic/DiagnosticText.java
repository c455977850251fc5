package dev.raya.compiler.diagnostic;

import dev.raya.compiler.source.Position;
import dev.raya.compiler.source.Span;
import java.util.List;

/**
 * Diagnostics for people:
 *
 * <pre>
 * error RAYA-E0102: missing ';'
 *   --> main.raya:1:12
 *    |
 *  1 | const a = 1
 *    |            ^
 *    = fix: insert ';'
 * </pre>
 */
public final class DiagnosticText {
  private DiagnosticText() {}

  /** All diagnostics, an empty line between them. */
  public static String render(List<Diagnostic> diagnostics) {
    StringBuilder out = new StringBuilder();
    for (Diagnostic d : diagnostics) {
      if (out.length() > 0) {
        out.append('\n');
      }
      render(d, out);
    }
    return out.toString();
  }

  /** One diagnostic, every line ended by LF. */
  public static String render(Diagnostic diagnostic) {
    StringBuilder out = new StringBuilder();
    render(diagnostic, out);
    return out.toString();
  }

  private static void render(Diagnostic d, StringBuilder out) {
    out.append(d.severity().word())
        .append(' ')
        .append(d.code().code())
        .append(": ")
        .append(d.message())
        .append('\n');
    int margin = Integer.toString(d.span().from().line()).length();
    for (Diagnostic.Note n : d.notes()) {
      margin = Math.max(margin, Integer.toString(n.span().from().line()).length());
    }
    excerpt(d.span(), margin, '^', out);
    for (Diagnostic.Note n : d.notes()) {
      out.append(" ".repeat(margin)).append(" = note: ").append(n.message()).append('\n');
      excerpt(n.span(), margin, '-', out);
    }
    for (Diagnostic.Fix f : d.fixes()) {
      out.append(" ".repeat(margin)).append(" = fix: ").append(f.title()).append('\n');
    }
  }

  private static void excerpt(Span span, int margin, char sign, StringBuilder out) {
    Position from = span.from();
    out.append(" ".repeat(margin)).append("--> ").append(span.file().name());
    out.append(':').append(from.line()).append(':').append(from.column()).append('\n');
    out.append(SourceExcerpt.marked(span, sign, margin));
  }
}
