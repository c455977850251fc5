package dev.raya.compiler.parse;

import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of source without comments and layout, as the texts of templates have it (rbin.md 3.12):
 * tokens with one space between them, or a line break where the source has one; strings in double
 * quotes.
 */
public final class SourceWords {
  private SourceWords() {}

  /**
   * A token.
   *
   * @param text how it is written
   * @param free whether it is a name that may mean a declaration around the piece
   * @param lineBreak whether a line ends before it
   */
  public record Word(String text, boolean free, boolean lineBreak) {}

  /** The tokens of a piece of source that has been parsed. */
  public static List<Word> of(Span span) {
    SourceFile piece = SourceFile.of(span.file().name(), span.text());
    List<Token> tokens = Lexer.lex(piece, new Diagnostics()).tokens();
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < tokens.size() && tokens.get(i).kind() != Token.Kind.END; i++) {
      Token t = tokens.get(i);
      if (isTrailingComma(tokens, i)) {
        continue;
      }
      boolean member = i > 0 && (tokens.get(i - 1).is(".") || tokens.get(i - 1).is("?."));
      String raw = new Span(piece, t.start(), t.end()).text();
      if (i > 0
          && tokens.get(i - 1).is(">")
          && tokens.get(i - 1).end() == t.start()
          && (raw.startsWith(">") || raw.startsWith("="))) {
        // Operators such as >= are two tokens, because of type arguments.
        Word before = words.removeLast();
        words.add(new Word(before.text() + raw, false, before.lineBreak()));
        continue;
      }
      words.add(
          new Word(
              t.kind() == Token.Kind.STRING ? quoted(t.text()) : raw.replace("\r\n", "\n"),
              t.kind() == Token.Kind.IDENTIFIER && !member,
              i > 0 && t.lineBreakBefore()));
    }
    return words;
  }

  private static boolean isTrailingComma(List<Token> tokens, int i) {
    if (!tokens.get(i).is(",") || i + 1 >= tokens.size() || i == 0) {
      return false;
    }
    Token before = tokens.get(i - 1);
    Token after = tokens.get(i + 1);
    return (after.is(")") || after.is("]") || after.is("}"))
        && !before.is(",")
        && !before.is("[")
        && !before.is("{");
  }

  /** The words as one text. */
  public static String join(List<Word> words) {
    StringBuilder out = new StringBuilder();
    for (Word word : words) {
      if (!out.isEmpty()) {
        out.append(word.lineBreak() ? '\n' : ' ');
      }
      out.append(word.text());
    }
    return out.toString();
  }

  /** A string literal in double quotes. */
  public static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || Character.isSurrogate(c) || c == 0x2028 || c == 0x2029) {
            out.append(String.format(java.util.Locale.ROOT, "\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }
}
