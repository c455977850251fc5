package dev.raya.compiler.parse;

import org.jspecify.annotations.Nullable;

/** The punctuators (language.md 1.6): the longest one that stands at a place. */
final class Punctuators {
  private Punctuators() {}

  /** The punctuator, always the same string for the same one; null if none stands there. */
  static @Nullable String at(String text, int at) {
    char second = unit(text, at + 1);
    return switch (text.charAt(at)) {
      case '{' -> "{";
      case '}' -> "}";
      case '(' -> "(";
      case ')' -> ")";
      case '[' -> "[";
      case ']' -> "]";
      case ';' -> ";";
      case ',' -> ",";
      case ':' -> ":";
      case '~' -> "~";
      case '@' -> "@";
      case '>' -> ">";
      case '.' -> second == '.' && unit(text, at + 2) == '.' ? "..." : ".";
      case '?' -> afterQuestion(second, unit(text, at + 2));
      case '=' ->
          second == '=' ? unit(text, at + 2) == '=' ? "===" : "==" : second == '>' ? "=>" : "=";
      case '!' -> second == '=' ? unit(text, at + 2) == '=' ? "!==" : "!=" : "!";
      case '<' ->
          second == '<' ? unit(text, at + 2) == '=' ? "<<=" : "<<" : second == '=' ? "<=" : "<";
      case '*' ->
          second == '*' ? unit(text, at + 2) == '=' ? "**=" : "**" : second == '=' ? "*=" : "*";
      case '&' ->
          second == '&' ? unit(text, at + 2) == '=' ? "&&=" : "&&" : second == '=' ? "&=" : "&";
      case '|' ->
          second == '|' ? unit(text, at + 2) == '=' ? "||=" : "||" : second == '=' ? "|=" : "|";
      case '+' -> second == '+' ? "++" : second == '=' ? "+=" : "+";
      case '-' -> second == '-' ? "--" : second == '=' ? "-=" : "-";
      case '/' -> second == '=' ? "/=" : "/";
      case '%' -> second == '=' ? "%=" : "%";
      case '^' -> second == '=' ? "^=" : "^";
      default -> null;
    };
  }

  /** A digit after {@code ?.} makes it a question mark and a number. */
  private static String afterQuestion(char second, char third) {
    if (second == '?') {
      return third == '=' ? "??=" : "??";
    }
    return second == '.' && !(third >= '0' && third <= '9') ? "?." : "?";
  }

  private static char unit(String text, int at) {
    return at < text.length() ? text.charAt(at) : '\0';
  }
}
