package dev.raya.compiler.parse;

/** The text inside {@code /** … *}{@code /}, language.md 17.1. */
final class DocComments {
  private DocComments() {}

  /** The body of a whole comment: without delimiters, leading stars and outer blank lines. */
  static String body(String comment) {
    String inner = comment.substring(3, comment.length() - 2);
    StringBuilder body = new StringBuilder();
    for (String line : inner.split("\r\n|\n|\r", -1)) {
      String stripped = line.strip();
      if (stripped.startsWith("*")) {
        stripped = stripped.substring(1);
        if (stripped.startsWith(" ")) {
          stripped = stripped.substring(1);
        }
      }
      body.append(stripped.stripTrailing()).append('\n');
    }
    return body.toString().strip();
  }

  /** Whether the rest of the line and the whole next line are blank. */
  static boolean emptyLineFollows(String text, int at) {
    int breaks = 0;
    for (int i = at; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        breaks++;
        if (breaks == 2) {
          return true;
        }
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return false;
      }
    }
    return false;
  }
}
