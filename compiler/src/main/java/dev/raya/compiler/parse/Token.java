package dev.raya.compiler.parse;

import org.jspecify.annotations.Nullable;

/**
 * A token.
 *
 * @param text of words and punctuators the spelling; of strings and template chunks the value; of
 *     regular expressions the pattern
 * @param lineBreakBefore whether a line ends between the token before and this one
 * @param doc the doc comment directly before
 */
record Token(
    Kind kind,
    String text,
    int start,
    int end,
    double number,
    boolean integral,
    String flags,
    boolean lineBreakBefore,
    @Nullable String doc) {
  enum Kind {
    /** A name, contextual words included. */
    IDENTIFIER,
    /** A reserved word. */
    WORD,
    NUMBER,
    STRING,
    /** A whole template, or its first chunk when {@code ${} follows. */
    TEMPLATE,
    TEMPLATE_HEAD,
    TEMPLATE_MIDDLE,
    TEMPLATE_TAIL,
    REGEXP,
    PUNCTUATOR,
    END
  }

  boolean is(String spelling) {
    return (kind == Kind.PUNCTUATOR || kind == Kind.WORD) && text.equals(spelling);
  }

  boolean isName(String spelling) {
    return kind == Kind.IDENTIFIER && text.equals(spelling);
  }

  /** How a message names it. */
  String shown() {
    return switch (kind) {
      case IDENTIFIER, WORD, PUNCTUATOR -> "'" + text + "'";
      case NUMBER -> "a number";
      case STRING -> "a string";
      case TEMPLATE, TEMPLATE_HEAD, TEMPLATE_MIDDLE, TEMPLATE_TAIL -> "a template";
      case REGEXP -> "a regular expression";
      case END -> "the end of the file";
    };
  }
}
