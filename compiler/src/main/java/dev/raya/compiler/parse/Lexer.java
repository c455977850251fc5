package dev.raya.compiler.parse;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.diagnostic.Suggestions;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.source.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns a file into tokens, language.md 1. {@code >} is always a token of its own; the parser joins
 * adjacent ones in expressions, so that type arguments close as they should. Whether a slash starts
 * a regular expression is decided by the token before it.
 */
final class Lexer {
  private static final Set<String> RESERVED =
      Set.of(
          ("await break case catch class const continue debugger default delete do else enum export"
                  + " extends false finally for function if implements import in instanceof"
                  + " interface let namespace new null package private protected public return"
                  + " static super switch this throw true try typeof var void while with yield")
              .split(" "));

  private final SourceFile file;
  private final String text;
  private final Diagnostics diagnostics;
  private final List<Token> tokens;
  private final WordTable words = new WordTable();

  /** For each open brace whether it is the one of a template's {@code ${}. */
  private final Deque<Boolean> braces = new ArrayDeque<>();

  private int at;
  private boolean lineBreak;
  private @Nullable String doc;
  private @Nullable String moduleDoc;

  private Lexer(SourceFile file, Diagnostics diagnostics) {
    this.file = file;
    this.text = file.text();
    this.diagnostics = diagnostics;
    this.tokens = new ArrayList<>(text.length() / 4 + 16);
  }

  /** What a file consists of. */
  record Lexed(List<Token> tokens, @Nullable String moduleDoc) {}

  static Lexed lex(SourceFile file, Diagnostics diagnostics) {
    Lexer lexer = new Lexer(file, diagnostics);
    lexer.run();
    return new Lexed(lexer.tokens, lexer.moduleDoc);
  }

  static boolean isReserved(String word) {
    return RESERVED.contains(word);
  }

  private void run() {
    if (!file.isValidUtf8()) {
      int replaced = Math.max(0, text.indexOf('\uFFFD'));
      error(DiagnosticCode.E0001, replaced, replaced, "the file is not valid UTF-8 here");
      if (text.indexOf('\0') >= 0) {
        // No text at all: what else there is to say of it helps nobody.
        at = text.length();
      }
    }
    if (text.startsWith("\uFEFF")) {
      at = 1;
    }
    if (text.startsWith("#!", at)) {
      skipLine();
    }
    while (true) {
      skipBlank();
      if (at >= text.length()) {
        add(Token.Kind.END, "", at, at);
        return;
      }
      next();
      lineBreak = false;
      doc = null;
    }
  }

  private void next() {
    int start = at;
    int c = text.codePointAt(at);
    if (isIdentifierStart(c)) {
      word();
    } else if (c >= '0' && c <= '9' || c == '.' && isDigit(peek(1))) {
      number();
    } else if (c == '"' || c == '\'') {
      string((char) c);
    } else if (c == '`') {
      at++;
      template(start, true);
    } else if (c == '}' && !braces.isEmpty() && braces.peek()) {
      braces.pop();
      at++;
      template(start, false);
    } else if (c == '/' && regexpAllowed()) {
      regexp();
    } else if (c == '#') {
      at++;
      while (at < text.length() && isIdentifierPart(text.codePointAt(at))) {
        at += Character.charCount(text.codePointAt(at));
      }
      String name = text.substring(start + 1, at);
      if (name.isEmpty()) {
        error(DiagnosticCode.E0002, start, at, "unexpected character '#'");
      } else {
        String plain = start > 0 && text.charAt(start - 1) == '.' ? name : "private " + name;
        Span span = new Span(file, start, at);
        diagnostics.add(
            new Diagnostic(
                DiagnosticCode.E0012,
                span,
                "private names are not supported; write '" + plain + "'",
                List.of(),
                List.of(Suggestions.replace(span, plain))));
        add(Token.Kind.IDENTIFIER, name, start, at);
      }
    } else {
      punctuator(c);
    }
  }

  private void punctuator(int c) {
    int start = at;
    String p = c < 0x80 ? Punctuators.at(text, at) : null;
    if (p != null) {
      at += p.length();
      if (c == '{') {
        braces.push(Boolean.FALSE);
      } else if (c == '}' && !braces.isEmpty()) {
        braces.pop();
      }
      add(Token.Kind.PUNCTUATOR, p, start, at);
      return;
    }
    at += Character.charCount(c);
    if (!file.isValidUtf8()) {
      return; // Said already, once for the file.
    }
    error(
        DiagnosticCode.E0002,
        start,
        at,
        c < 0x20 || c == 0x7F || c == 0xFFFD || !Character.isDefined(c)
            ? String.format(java.util.Locale.ROOT, "unexpected character U+%04X", c)
            : "unexpected character '" + Character.toString(c) + "'");
  }

  private void word() {
    int start = at;
    int hash = 0;
    while (at < text.length()) {
      int c = text.charAt(at);
      if (c < 0x80) {
        if (!isIdentifierPart(c)) {
          break;
        }
        at++;
      } else {
        c = text.codePointAt(at);
        if (!isIdentifierPart(c)) {
          break;
        }
        at += Character.charCount(c);
      }
      hash = 31 * hash + c;
    }
    String word = words.of(text, start, at, hash);
    add(RESERVED.contains(word) ? Token.Kind.WORD : Token.Kind.IDENTIFIER, word, start, at);
  }

  private static boolean isIdentifierStart(int c) {
    return c == '_'
        || c == '$'
        || (c < 0x80
            ? c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
            : Character.isUnicodeIdentifierStart(c));
  }

  private static boolean isIdentifierPart(int c) {
    if (c < 0x80) {
      return isIdentifierStart(c) || c >= '0' && c <= '9';
    }
    return c == 0x200C
        || c == 0x200D
        || Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c);
  }

  // ---- numbers ----

  private void number() {
    int start = at;
    int radix = radix();
    boolean integral = true;
    boolean ok = true;
    if (radix != 10) {
      at += 2;
      ok = digits(radix) > 0;
    } else {
      digits(10);
      if (peek(0) == '.') {
        integral = false;
        at++;
        digits(10);
      }
      if (peek(0) == 'e' || peek(0) == 'E') {
        integral = false;
        at++;
        if (peek(0) == '+' || peek(0) == '-') {
          at++;
        }
        ok = digits(10) > 0;
      }
    }
    if (peek(0) == 'n' && integral && !isIdentifierPart(peek(1))) {
      at++;
      error(DiagnosticCode.E0008, start, at, "BigInt literals are not supported");
      add(Token.Kind.NUMBER, "0", start, at, 0, true);
      return;
    }
    while (at < text.length() && isIdentifierPart(text.codePointAt(at))) {
      ok = false;
      at += Character.charCount(text.codePointAt(at));
    }
    String written = text.substring(start, at);
    String digits = written.replace("_", "");
    boolean leadingZero = radix == 10 && integral && digits.length() > 1 && digits.charAt(0) == '0';
    if (!ok || leadingZero || !underscoresBetweenDigits(written, radix)) {
      error(DiagnosticCode.E0007, start, at, "malformed numeric literal '" + written + "'");
      add(Token.Kind.NUMBER, "0", start, at, 0, true);
      return;
    }
    double value =
        radix == 10
            ? Double.parseDouble(digits)
            : new java.math.BigInteger(digits.substring(2), radix).doubleValue();
    if (Double.isInfinite(value)) {
      error(DiagnosticCode.E0009, start, at, "the literal is too large for a number");
    }
    add(Token.Kind.NUMBER, written, start, at, value, integral && value <= 2147483648.0);
  }

  private int radix() {
    if (peek(0) != '0') {
      return 10;
    }
    return switch (peek(1)) {
      case 'x', 'X' -> 16;
      case 'o', 'O' -> 8;
      case 'b', 'B' -> 2;
      default -> 10;
    };
  }

  private int digits(int radix) {
    int n = 0;
    while (at < text.length()
        && (text.charAt(at) == '_'
            || text.charAt(at) < 0x80 && Character.digit(text.charAt(at), radix) >= 0)) {
      n++;
      at++;
    }
    return n;
  }

  private static boolean underscoresBetweenDigits(String written, int radix) {
    for (int i = 0; i < written.length(); i++) {
      if (written.charAt(i) == '_'
          && (i < (radix == 10 ? 1 : 3)
              || i == written.length() - 1
              || Character.digit(written.charAt(i - 1), radix) < 0
              || Character.digit(written.charAt(i + 1), radix) < 0)) {
        return false;
      }
    }
    return true;
  }

  // ---- strings ----

  private void string(char quote) {
    int start = at++;
    StringBuilder value = new StringBuilder();
    while (true) {
      if (at >= text.length() || text.charAt(at) == '\n' || text.charAt(at) == '\r') {
        error(DiagnosticCode.E0003, start, at, "the string is not closed on its line");
        int end = meantEnd(start + 1);
        value.setLength(Math.max(0, value.length() - (at - end)));
        at = end;
        break;
      }
      char c = text.charAt(at);
      if (c == quote) {
        at++;
        break;
      }
      if (c == '\\') {
        escape(value);
      } else {
        value.append(c);
        at++;
      }
    }
    add(Token.Kind.STRING, value.toString(), start, at);
  }

  /**
   * Where a string that its line does not close was meant to end: before the brackets at the line's
   * end that close what was opened before it. So they are not missing too.
   */
  private int meantEnd(int from) {
    int depth = 0;
    for (int i = from; i < at; i++) {
      char c = text.charAt(i);
      if (c == '(' || c == '[' || c == '{') {
        depth++;
      } else if (c == ')' || c == ']' || c == '}') {
        depth--;
      }
      if (depth < 0 && closes(i)) {
        return i;
      }
    }
    return at;
  }

  private boolean closes(int from) {
    for (int i = from; i < at; i++) {
      if (")]}; ".indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  private void escape(StringBuilder value) {
    int start = at++;
    if (at >= text.length()) {
      return;
    }
    char c = text.charAt(at++);
    switch (c) {
      case 'n' -> value.append('\n');
      case 't' -> value.append('\t');
      case 'r' -> value.append('\r');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'v' -> value.append('\u000B');
      case '\\', '\'', '"', '`' -> value.append(c);
      case '\r' -> {
        if (at < text.length() && text.charAt(at) == '\n') {
          at++;
        }
      }
      case '\n' -> {}
      case '0' -> {
        if (isDigit(peek(0))) {
          invalidEscape(start);
        } else {
          value.append('\0');
        }
      }
      case 'x' -> hex(start, 2, value);
      case 'u' -> {
        if (peek(0) == '{') {
          int close = text.indexOf('}', at);
          int code = close < 0 || close - at > 9 ? -1 : parseHex(text.substring(at + 1, close));
          if (code < 0 || code > Character.MAX_CODE_POINT) {
            invalidEscape(start);
          } else {
            value.appendCodePoint(code);
            at = close + 1;
          }
        } else {
          hex(start, 4, value);
        }
      }
      default -> invalidEscape(start);
    }
  }

  private void hex(int start, int length, StringBuilder value) {
    int code = at + length <= text.length() ? parseHex(text.substring(at, at + length)) : -1;
    if (code < 0) {
      invalidEscape(start);
    } else {
      value.append((char) code);
      at += length;
    }
  }

  private static int parseHex(String digits) {
    if (digits.isEmpty()) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int d = digits.charAt(i) < 0x80 ? Character.digit(digits.charAt(i), 16) : -1;
      if (d < 0 || value > Character.MAX_CODE_POINT) {
        return -1;
      }
      value = value * 16 + d;
    }
    return value;
  }

  private void invalidEscape(int start) {
    error(
        DiagnosticCode.E0006,
        start,
        at,
        "invalid escape sequence; known are \\n \\t \\r \\b \\f \\v \\0 \\xHH \\uHHHH \\u{H…}");
  }

  /** Reads a chunk after {@code `} or after the brace that ends a substitution. */
  private void template(int start, boolean first) {
    StringBuilder value = new StringBuilder();
    while (true) {
      if (at >= text.length()) {
        error(DiagnosticCode.E0004, start, Math.min(start + 1, at), "the template is not closed");
        add(first ? Token.Kind.TEMPLATE : Token.Kind.TEMPLATE_TAIL, value.toString(), start, at);
        return;
      }
      char c = text.charAt(at);
      if (c == '`') {
        at++;
        add(first ? Token.Kind.TEMPLATE : Token.Kind.TEMPLATE_TAIL, value.toString(), start, at);
        return;
      }
      if (c == '$' && peek(1) == '{') {
        at += 2;
        braces.push(true);
        Token.Kind kind = first ? Token.Kind.TEMPLATE_HEAD : Token.Kind.TEMPLATE_MIDDLE;
        add(kind, value.toString(), start, at);
        return;
      }
      if (c == '\\') {
        escape(value);
      } else if (c == '\r') {
        value.append('\n');
        at += peek(1) == '\n' ? 2 : 1;
      } else {
        value.append(c);
        at++;
      }
    }
  }

  // ---- regular expressions ----

  private boolean regexpAllowed() {
    if (tokens.isEmpty()) {
      return true;
    }
    Token before = tokens.getLast();
    return switch (before.kind()) {
      case IDENTIFIER, NUMBER, STRING, TEMPLATE, TEMPLATE_TAIL, REGEXP -> false;
      case WORD ->
          switch (before.text()) {
            case "this", "super", "null", "true", "false" -> false;
            default -> true;
          };
      case PUNCTUATOR ->
          switch (before.text()) {
            case ")", "]", "}", "++", "--" -> false;
            default -> true;
          };
      case TEMPLATE_HEAD, TEMPLATE_MIDDLE, END -> true;
    };
  }

  private void regexp() {
    int start = at++;
    boolean inClass = false;
    while (true) {
      char c = peek(0);
      if (at >= text.length() || c == '\n' || c == '\r') {
        error(DiagnosticCode.E0010, start, at, "the regular expression is not closed on its line");
        add(Token.Kind.REGEXP, "", start, at);
        return;
      }
      if (c == '\\' && at + 1 < text.length()) {
        at++;
      } else if (c == '[') {
        inClass = true;
      } else if (c == ']') {
        inClass = false;
      } else if (c == '/' && !inClass) {
        break;
      }
      at++;
    }
    String pattern = text.substring(start + 1, at);
    at++;
    int flagStart = at;
    while (at < text.length() && isIdentifierPart(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    String flags = text.substring(flagStart, at);
    for (int i = 0; i < flags.length(); i++) {
      if ("gimsu".indexOf(flags.charAt(i)) < 0 || flags.indexOf(flags.charAt(i)) != i) {
        error(DiagnosticCode.E0011, flagStart, at, "flags must be letters of 'gimsu', each once");
        break;
      }
    }
    tokens.add(new Token(Token.Kind.REGEXP, pattern, start, at, 0, false, flags, lineBreak, doc));
  }

  // ---- blanks ----

  private void skipBlank() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n' || c == '\r') {
        lineBreak = true;
        at++;
      } else if (isBlank(c)) {
        at++;
      } else if (c == '/' && peek(1) == '/') {
        skipLine();
      } else if (c == '/' && peek(1) == '*') {
        blockComment();
      } else {
        return;
      }
    }
  }

  private static boolean isBlank(char c) {
    return c == ' '
        || c == '\t'
        || c == '\u000B'
        || c == '\f'
        || c == '\u00A0'
        || c > 0x7F && Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  private void skipLine() {
    while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
      at++;
    }
  }

  private void blockComment() {
    int start = at;
    int close = text.indexOf("*/", at + 2);
    if (close < 0) {
      error(DiagnosticCode.E0005, start, start + 2, "the comment is not closed");
      at = text.length();
      return;
    }
    at = close + 2;
    String body = text.substring(start, at);
    if (body.indexOf('\n') >= 0 || body.indexOf('\r') >= 0) {
      lineBreak = true;
    }
    if (body.startsWith("/**") && body.length() > 4) {
      doc = DocComments.body(body);
      if (tokens.isEmpty() && moduleDoc == null && DocComments.emptyLineFollows(text, at)) {
        moduleDoc = doc;
        doc = null;
      }
    }
  }

  // ---- small things ----

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void add(Token.Kind kind, String spelling, int start, int end) {
    add(kind, spelling, start, end, 0, false);
  }

  private void add(
      Token.Kind kind, String spelling, int start, int end, double value, boolean integral) {
    tokens.add(new Token(kind, spelling, start, end, value, integral, "", lineBreak, doc));
  }

  private void error(DiagnosticCode code, int start, int end, String message) {
    diagnostics.add(code, new Span(file, start, end), message);
  }
}
