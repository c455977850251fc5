package dev.raya.compiler.parse;

import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.source.SourceFile;
import java.util.ArrayList;
import java.util.List;

/**
 * A token with its spelling, for tools that write source text again. Between two lexemes there is
 * nothing but white space and comments.
 *
 * @param text exactly as it stands in the source; empty for the end of the file
 * @param start first UTF-16 offset
 * @param end the UTF-16 offset after the last
 */
public record Lexeme(Kind kind, String text, int start, int end) {
  /** What kind of token it is. */
  public enum Kind {
    /** A name, contextual words included. */
    NAME,
    /** A reserved word. */
    WORD,
    /** A numeric literal. */
    NUMBER,
    /** A string literal. */
    STRING,
    /** A template without substitutions. */
    TEMPLATE,
    /** A template's text up to its first substitution. */
    TEMPLATE_HEAD,
    /** Text between two substitutions. */
    TEMPLATE_MIDDLE,
    /** Text after the last substitution. */
    TEMPLATE_TAIL,
    /** A regular expression. */
    REGEXP,
    /** A punctuator; a greater-than sign is always one of its own. */
    PUNCTUATOR,
    /** The end of the file, always the last. */
    END
  }

  /** The lexemes of a file, in order; problems go to the diagnostics. */
  public static List<Lexeme> of(SourceFile file, Diagnostics diagnostics) {
    List<Lexeme> lexemes = new ArrayList<>();
    for (Token token : Lexer.lex(file, diagnostics).tokens()) {
      lexemes.add(
          new Lexeme(
              kind(token.kind()),
              file.text().substring(token.start(), token.end()),
              token.start(),
              token.end()));
    }
    return lexemes;
  }

  private static Kind kind(Token.Kind kind) {
    return switch (kind) {
      case IDENTIFIER -> Kind.NAME;
      case WORD -> Kind.WORD;
      case NUMBER -> Kind.NUMBER;
      case STRING -> Kind.STRING;
      case TEMPLATE -> Kind.TEMPLATE;
      case TEMPLATE_HEAD -> Kind.TEMPLATE_HEAD;
      case TEMPLATE_MIDDLE -> Kind.TEMPLATE_MIDDLE;
      case TEMPLATE_TAIL -> Kind.TEMPLATE_TAIL;
      case REGEXP -> Kind.REGEXP;
      case PUNCTUATOR -> Kind.PUNCTUATOR;
      case END -> Kind.END;
    };
  }

  /** Whether it is that reserved word or punctuator. */
  public boolean is(String spelling) {
    return (kind == Kind.PUNCTUATOR || kind == Kind.WORD) && text.equals(spelling);
  }

  /** Whether it is that contextual word. */
  public boolean isName(String spelling) {
    return kind == Kind.NAME && text.equals(spelling);
  }
}
