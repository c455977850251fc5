package dev.raya.cli.console;

import dev.raya.cache.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A finding as text: severity and code, message, place, quotation, account, notes and fixes. An
 * account that is data is for programs and left out here.
 */
final class FindingText {
  private FindingText() {}

  static String of(Finding finding, boolean color) {
    StringBuilder text = new StringBuilder();
    Style style =
        switch (finding.severity()) {
          case ERROR -> Style.RED;
          case WARNING -> Style.YELLOW;
          case INFO -> Style.CYAN;
        };
    text.append(style.paint(finding.severity().word() + "[" + finding.code() + "]", color));
    text.append(": ").append(printable(finding.message())).append('\n');
    Span span = finding.span();
    if (span != null) {
      text.append("  ").append(Style.CYAN.paint("-->", color)).append(' ');
      text.append(place(span)).append('\n');
    }
    excerpt(finding.excerpt(), style, color, text);
    Json explanation = finding.explanation();
    if (explanation instanceof Json.Str account) {
      for (String line : account.value().strip().split("\n", -1)) {
        text.append("  ").append(printable(line)).append('\n');
      }
    }
    for (Finding.Note note : finding.notes()) {
      if (!note.inExcerpt()) {
        note(note, style, color, text);
      }
    }
    for (Finding.Fix fix : finding.fixes()) {
      text.append("  ").append(Style.GREEN.paint("fix:", color)).append(' ');
      text.append(printable(fix.title())).append('\n');
    }
    return text.toString();
  }

  private static void note(Finding.Note note, Style style, boolean color, StringBuilder text) {
    Span where = note.span();
    text.append("  ").append(Style.CYAN.paint("=", color)).append(' ');
    text.append(printable(note.message()).replace("\n", "\n    "));
    if (where != null && note.excerpt() == null) {
      text.append(" (").append(place(where)).append(')');
    }
    text.append('\n');
    if (where != null && note.excerpt() != null) {
      text.append("  ").append(Style.CYAN.paint("-->", color)).append(' ');
      text.append(place(where)).append('\n');
      excerpt(note.excerpt(), style, color, text);
    }
  }

  private static void excerpt(
      @Nullable String excerpt, Style style, boolean color, StringBuilder text) {
    if (excerpt != null) {
      for (String line : printable(excerpt.stripTrailing()).split("\n", -1)) {
        text.append(painted(line, style, color)).append('\n');
      }
    }
  }

  /**
   * A line of a quotation; of what stands below the quoted characters, the first marks have the
   * severity's colour, other marks and what is said of them another.
   */
  private static String painted(String line, Style style, boolean color) {
    int bar = line.indexOf('|');
    if (!color || bar < 0 || !line.substring(0, bar).isBlank()) {
      return line;
    }
    StringBuilder painted = new StringBuilder(line.substring(0, bar + 1));
    int at = bar + 1;
    while (at < line.length()) {
      char sign = line.charAt(at);
      int end = at + 1;
      if (sign == ' ' || sign == '^') {
        end = at + runLength(line, at);
        String run = line.substring(at, end);
        painted.append(sign == ' ' ? run : style.paint(run, true));
      } else {
        int next = line.indexOf('^', at);
        boolean marks =
            next > 0 && line.substring(at, next).chars().allMatch(c -> c == '-' || c == ' ');
        end = marks ? at + runLength(line, at) : line.length();
        painted.append(Style.CYAN.paint(line.substring(at, end), true));
      }
      at = end;
    }
    return painted.toString();
  }

  /** How often the character at an index stands there. */
  private static int runLength(String line, int at) {
    int end = at;
    while (end < line.length() && line.charAt(end) == line.charAt(at)) {
      end++;
    }
    return end - at;
  }

  /**
   * Text that came from a package, a registry or the network, without the control characters by
   * which it could steer the terminal.
   */
  static String printable(String text) {
    StringBuilder safe = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean control = (c < ' ' && c != '\n' && c != '\t') || (c >= 0x7f && c <= 0x9f);
      boolean steering = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
      if ((control || steering) && safe == null) {
        safe = new StringBuilder(text.substring(0, i));
      }
      if (safe != null) {
        safe.append(control || steering ? '\ufffd' : c);
      }
    }
    return safe == null ? text : safe.toString();
  }

  private static String place(Span span) {
    return span.file() + ":" + span.start().line() + ":" + span.start().column();
  }
}
