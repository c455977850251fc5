package dev.raya.compiler.parse;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.diagnostic.Suggestions;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import dev.raya.compiler.syntax.Name;
import java.util.Arrays;
import java.util.List;

/**
 * The parser's place in the tokens, with what every part of it needs: expecting tokens, reporting,
 * and the nesting limit. The parts (types, expressions, statements) are layered subclasses because
 * the grammar is mutually recursive.
 */
abstract sealed class TokenCursor permits TypeParser {
  /** Levels of nesting accepted before E0128; the language asks for 256 at least. */
  static final int MAX_DEPTH = 400;

  /** Words that begin a statement, or go on with one after a block. */
  private static final List<String> WORDS =
      List.of(
          "abstract",
          "async",
          "break",
          "catch",
          "class",
          "const",
          "continue",
          "declare",
          "else",
          "export",
          "finally",
          "function",
          "import",
          "interface",
          "let",
          "return",
          "throw",
          "try",
          "type");

  /** Abandons the statement at hand; a diagnostic was reported. */
  static final class Abandoned extends RuntimeException {
    private static final long serialVersionUID = 1;

    Abandoned() {
      super("statement abandoned", null, false, false);
    }
  }

  final SourceFile file;
  final Diagnostics diagnostics;
  private final List<Token> tokens;

  /** For an opening bracket the index of its closing one, else -1. */
  private final int[] matches;

  int index;

  /** Whether the last statement ended with a literal that is not closed. */
  boolean endsBroken;

  private int depth;
  private boolean tooDeep;

  TokenCursor(SourceFile file, List<Token> tokens, Diagnostics diagnostics) {
    this.file = file;
    this.tokens = tokens;
    this.diagnostics = diagnostics;
    this.matches = matchBrackets(tokens);
  }

  private static int[] matchBrackets(List<Token> tokens) {
    int[] matches = new int[tokens.size()];
    Arrays.fill(matches, -1);
    int[] open = new int[tokens.size()];
    int depth = 0;
    for (int i = 0; i < tokens.size(); i++) {
      Token t = tokens.get(i);
      switch (t.kind()) {
        case TEMPLATE_HEAD -> open[depth++] = i;
        case TEMPLATE_TAIL -> {
          if (depth > 0) {
            matches[open[--depth]] = i;
          }
        }
        case PUNCTUATOR -> {
          switch (t.text()) {
            case "(", "[", "{" -> open[depth++] = i;
            case ")", "]", "}" -> {
              if (depth > 0 && closes(tokens.get(open[depth - 1]), t.text())) {
                matches[open[--depth]] = i;
              }
            }
            default -> {}
          }
        }
        default -> {}
      }
    }
    return matches;
  }

  /** Whether the closing bracket here belongs to one that was opened at or after an index. */
  final boolean closesSince(int start) {
    for (int i = start; i < index; i++) {
      if (matches[i] == index) {
        return true;
      }
    }
    return false;
  }

  private static boolean closes(Token open, String close) {
    return switch (close) {
      case ")" -> open.text().equals("(");
      case "]" -> open.text().equals("[");
      default -> open.text().equals("{");
    };
  }

  // ---- looking ----

  final Token peek() {
    return tokens.get(index);
  }

  final Token peek(int ahead) {
    return tokens.get(Math.min(index + ahead, tokens.size() - 1));
  }

  final Token tokenAt(int i) {
    return tokens.get(Math.min(i, tokens.size() - 1));
  }

  /** The index after the bracket that closes the one at an index, or -1 if nothing closes it. */
  final int afterMatching(int open) {
    return matches[open] < 0 ? -1 : matches[open] + 1;
  }

  final boolean at(String spelling) {
    return peek().is(spelling);
  }

  final boolean atEnd() {
    return peek().kind() == Token.Kind.END;
  }

  /** Whether the two tokens stand side by side without blank. */
  final boolean adjacent(int first) {
    return tokenAt(first).end() == tokenAt(first + 1).start();
  }

  // ---- taking ----

  final Token take() {
    Token t = peek();
    if (index < tokens.size() - 1) {
      index++;
    }
    return t;
  }

  final boolean accept(String spelling) {
    if (at(spelling)) {
      take();
      return true;
    }
    return false;
  }

  final boolean acceptName(String spelling) {
    if (peek().isName(spelling)) {
      take();
      return true;
    }
    return false;
  }

  final Token expect(String spelling) {
    if (at(spelling)) {
      return take();
    }
    throw unexpected("'" + spelling + "'");
  }

  /** Expects the bracket that closes an opening one. */
  final Token expectClose(String spelling, Token open) {
    if (at(spelling)) {
      return take();
    }
    if (atEnd() || at(";") || at("}") || at(")") || at("]")) {
      throw report(
          new Diagnostic(
              DiagnosticCode.E0103,
              span(open),
              "'" + open.text() + "' is not closed; expected '" + spelling + "'",
              List.of(new Diagnostic.Note(span(peek()), "found " + peek().shown() + " here")),
              List.of()));
    }
    throw unexpected("'" + spelling + "'");
  }

  final Abandoned unexpected(String expected) {
    Token t = peek();
    if (t.kind() == Token.Kind.WORD && expected.equals("a name")) {
      return error(
          DiagnosticCode.E0104, span(t), "'" + t.text() + "' is reserved and cannot be a name");
    }
    return error(DiagnosticCode.E0101, span(t), "expected " + expected + ", found " + t.shown());
  }

  final Name expectName() {
    Token t = peek();
    if (t.kind() == Token.Kind.IDENTIFIER) {
      take();
      return new Name(span(t), t.text());
    }
    if (t.kind() == Token.Kind.WORD && looksLikeName()) {
      diagnostics.add(
          DiagnosticCode.E0104, span(t), "'" + t.text() + "' is reserved and cannot be a name");
      take();
      return new Name(span(t), t.text());
    }
    throw unexpected("a name");
  }

  /** Whether a reserved word stands where a name was surely meant. */
  private boolean looksLikeName() {
    Token next = peek(1);
    return next.is("=")
        || next.is(":")
        || next.is(";")
        || next.is(",")
        || next.is("(")
        || next.is(")")
        || next.is("{");
  }

  /** A member name: any word. */
  final Name expectWord() {
    Token t = peek();
    if (t.kind() == Token.Kind.IDENTIFIER || t.kind() == Token.Kind.WORD) {
      take();
      return new Name(span(t), t.text());
    }
    throw unexpected("a member name");
  }

  /**
   * The semicolon after a simple statement; missing, it is reported and assumed where a line ends.
   */
  final void expectSemicolon() {
    if (accept(";")) {
      return;
    }
    Token before = tokenAt(index - 1);
    Span end = new Span(file, before.end(), before.end());
    if (isBroken(before)) {
      endsBroken = true;
      return;
    }
    if (peek().lineBreakBefore() || at("}") || atEnd()) {
      diagnostics.add(
          new Diagnostic(
              DiagnosticCode.E0102,
              end,
              "missing ';'",
              List.of(),
              List.of(new Diagnostic.Fix(end, ";", "insert ';'"))));
      return;
    }
    List<String> words =
        startsStatement(index - 1) ? Suggestions.similar(before.text(), WORDS) : List.of();
    if (!words.isEmpty()) {
      // A misspelt word is read as a name, and what follows it as out of place.
      Span word = span(before);
      throw report(
          new Diagnostic(
              DiagnosticCode.E0101,
              word,
              "expected a statement, found '" + before.text() + "'" + Suggestions.didYouMean(words),
              List.of(),
              words.stream().map(w -> Suggestions.replace(word, w)).toList()));
    }
    throw unexpected("';'");
  }

  /** Whether the token of an index is a name with which a statement begins. */
  private boolean startsStatement(int at) {
    Token before = tokenAt(Math.max(0, at - 1));
    return tokenAt(at).kind() == Token.Kind.IDENTIFIER
        && (at == 0
            || tokenAt(at).lineBreakBefore()
            || before.is(";")
            || before.is("{")
            || before.is("}")
            || before.is("export"));
  }

  /** Whether a literal was reported as not closed: where it ends nothing is known to be missing. */
  private boolean isBroken(Token literal) {
    Span at = span(literal);
    return diagnostics.isReported(DiagnosticCode.E0003, at)
        || diagnostics.isReported(DiagnosticCode.E0004, at)
        || diagnostics.isReported(DiagnosticCode.E0010, at);
  }

  // ---- spans and errors ----

  final Span span(Token t) {
    return new Span(file, t.start(), t.end());
  }

  /** From a token to the last one taken. */
  final Span since(Token first) {
    int end = tokenAt(Math.max(0, index - 1)).end();
    return new Span(file, first.start(), Math.max(first.end(), end));
  }

  /** From a span to the last token taken. */
  final Span since(Span first) {
    int end = tokenAt(Math.max(0, index - 1)).end();
    return new Span(file, first.start(), Math.max(first.end(), end));
  }

  final Abandoned error(DiagnosticCode code, Span span, String message) {
    return report(new Diagnostic(code, span, message));
  }

  final Abandoned report(Diagnostic diagnostic) {
    // Beyond the limit of nesting all is skipped, so that nothing is closed: no fault of its own.
    if (!tooDeep) {
      diagnostics.add(diagnostic);
    }
    return new Abandoned();
  }

  // ---- nesting ----

  /** Enters a level of nesting; every call is paired with {@link #leave}. */
  final void enter() {
    if (++depth > MAX_DEPTH) {
      depth--;
      Abandoned abandoned =
          error(DiagnosticCode.E0128, span(peek()), "nested deeper than " + MAX_DEPTH + " levels");
      tooDeep = true;
      throw abandoned;
    }
  }

  final void leave() {
    depth--;
  }

  final int depth() {
    return depth;
  }

  /** Returns to a level after a statement was abandoned inside deeper ones. */
  final void restoreDepth(int level) {
    depth = level;
  }

  /** Whether the nesting limit was hit: recovery then makes no sense. */
  final boolean isTooDeep() {
    return tooDeep;
  }
}
