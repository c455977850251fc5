package dev.raya.compiler.diagnostic;

import dev.raya.compiler.source.Position;
import dev.raya.compiler.source.SourceFile;
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
  /** Longest line that is shown whole, and how much of a longer one is shown. */
  private static final int MAX_LINE = 160;

  private static final int WINDOW = 100;
  private static final int BEFORE = 40;
  private static final String CUT = "…";

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

  /**
   * The line of a place with marks below it, without the place's name; of a long line the part
   * around it.
   */
  public static String quote(Span span) {
    StringBuilder out = new StringBuilder();
    excerpt(span, Integer.toString(span.from().line()).length(), "-->", "^", out);
    return out.substring(out.indexOf("\n") + 1);
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
    excerpt(d.span(), margin, "-->", "^", out);
    for (Diagnostic.Note n : d.notes()) {
      out.append(" ".repeat(margin)).append(" = note: ").append(n.message()).append('\n');
      excerpt(n.span(), margin, "-->", "-", out);
    }
    for (Diagnostic.Fix f : d.fixes()) {
      out.append(" ".repeat(margin)).append(" = fix: ").append(f.title()).append('\n');
    }
  }

  private static void excerpt(Span span, int margin, String arrow, String mark, StringBuilder out) {
    SourceFile file = span.file();
    Position from = span.from();
    String blank = " ".repeat(margin);
    out.append(blank).append(arrow).append(' ').append(file.name());
    out.append(':').append(from.line()).append(':').append(from.column()).append('\n');
    String line = file.lineText(from.line());
    int start = Math.min(from.column() - 1, line.length());
    Position until = span.until();
    int end = until.line() == from.line() ? until.column() - 1 : line.length();
    if (line.length() > MAX_LINE) {
      int first = boundary(line, Math.max(0, start - BEFORE));
      int last = boundary(line, Math.min(line.length(), first + WINDOW));
      String before = first > 0 ? CUT : "";
      line = before + line.substring(first, last) + (last < line.length() ? CUT : "");
      start = start - first + before.length();
      end = Math.min(end, last) - first + before.length();
    }
    String number = Integer.toString(from.line());
    out.append(blank).append(" |\n");
    out.append(" ".repeat(margin - number.length())).append(number).append(" | ");
    out.append(line).append('\n');
    out.append(blank).append(" | ");
    for (int i = 0; i < start; i++) {
      out.append(line.charAt(i) == '\t' ? '\t' : ' ');
    }
    int width =
        line.substring(start, Math.max(start, Math.min(end, line.length())))
            .codePointCount(0, Math.max(0, Math.min(end, line.length()) - start));
    out.append(mark.repeat(Math.max(1, width))).append('\n');
  }

  /** The nearest place at or before an index that does not part a character. */
  private static int boundary(String line, int at) {
    return at > 0 && at < line.length() && Character.isLowSurrogate(line.charAt(at)) ? at - 1 : at;
  }
}
