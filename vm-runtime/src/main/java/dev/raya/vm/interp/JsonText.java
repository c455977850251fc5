package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import dev.raya.vm.value.Numbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Reads and writes the text of json values (RFC 8259, stdlib.md 4). */
final class JsonText {
  /** How deep arrays and objects may lie in each other (stdlib.md 19). */
  static final int MAX_DEPTH = 512;

  /** How many digits, and a point among them, fit into the 53 bits of a double's significand. */
  private static final int EXACT_DIGITS = 15;

  private static final double[] TENS = {
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14
  };

  private final String text;
  private int at;

  JsonText(String text) {
    this.text = text;
  }

  /**
   * Reads a text as one value.
   *
   * @throws TrapException SyntaxError with the position, or RangeError for text nested too deep
   */
  static Object parse(String text) {
    JsonText reader = new JsonText(text);
    Object value = reader.value(0);
    reader.end();
    return value;
  }

  /**
   * Passes the white space after a value.
   *
   * @throws TrapException SyntaxError if more than that is left
   */
  void end() {
    space();
    if (at < text.length()) {
      throw fault("expected the end of the text");
    }
  }

  /** The next character after white space; NUL at the end. */
  char peek() {
    space();
    return at < text.length() ? text.charAt(at) : 0;
  }

  /**
   * Passes a string in double quotes if it is exactly the given one, written without escapes.
   *
   * @return whether it was
   */
  boolean nextName(String name) {
    int end = at + 1 + name.length();
    if (end < text.length()
        && text.charAt(at) == '"'
        && text.charAt(end) == '"'
        && text.startsWith(name, at + 1)) {
      at = end + 1;
      return true;
    }
    return false;
  }

  static TrapException tooDeep() {
    return new TrapException(Trap.RECURSION_LIMIT, "json is nested deeper than " + MAX_DEPTH);
  }

  private TrapException fault(String what) {
    String found = at < text.length() ? ", found " + Display.quote(text.substring(at, at + 1)) : "";
    return TrapException.syntax(what + " at position " + at + found, at);
  }

  void space() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      at++;
    }
  }

  Object value(int depth) {
    space();
    if (at >= text.length()) {
      throw fault("expected a json value, the text ends");
    }
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> object(depth + 1);
      case '[' -> array(depth + 1);
      case '"' -> string();
      case 't' -> word("true", Boolean.TRUE);
      case 'f' -> word("false", Boolean.FALSE);
      case 'n' -> word("null", JsonAbsent.NULL);
      default -> number();
    };
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw fault("expected a json value");
    }
    at += word.length();
    return value;
  }

  private Object object(int depth) {
    if (depth > MAX_DEPTH) {
      throw tooDeep();
    }
    LinkedHashMap<String, Object> members = new LinkedHashMap<>();
    at++;
    space();
    if (next('}')) {
      return new JsonObject(members);
    }
    do {
      space();
      if (at >= text.length() || text.charAt(at) != '"') {
        throw fault("expected a property name in double quotes");
      }
      String name = string();
      space();
      if (!next(':')) {
        throw fault("expected ':'");
      }
      members.put(name, value(depth));
      space();
    } while (next(','));
    if (!next('}')) {
      throw fault("expected ',' or '}'");
    }
    return new JsonObject(members);
  }

  private Object array(int depth) {
    if (depth > MAX_DEPTH) {
      throw tooDeep();
    }
    List<Object> items = new ArrayList<>();
    at++;
    space();
    if (next(']')) {
      return new JsonArray(items);
    }
    do {
      items.add(value(depth));
      space();
    } while (next(','));
    if (!next(']')) {
      throw fault("expected ',' or ']'");
    }
    return new JsonArray(items);
  }

  boolean next(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  String string() {
    int start = ++at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        return text.substring(start, at++);
      }
      if (c == '\\' || c < 0x20) {
        return escaped(start);
      }
      at++;
    }
    throw fault("the string does not end");
  }

  private String escaped(int start) {
    StringBuilder out = new StringBuilder(text.substring(start, at));
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return out.toString();
      }
      if (c < 0x20) {
        throw fault("a control character in a string must be escaped");
      }
      at++;
      if (c == '\\') {
        out.append(escape());
      } else {
        out.append(c);
      }
    }
    throw fault("the string does not end");
  }

  private char escape() {
    if (at >= text.length()) {
      throw fault("the string does not end");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unit();
      default -> {
        at--;
        throw fault("unknown escape");
      }
    };
  }

  private char unit() {
    int unit = 0;
    for (int i = 0; i < 4; i++, at++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0 || text.charAt(at) > 'f') {
        throw fault("expected four hexadecimal digits");
      }
      unit = unit * 16 + digit;
    }
    return (char) unit;
  }

  double number() {
    int start = at;
    boolean negative = next('-');
    int whole = at;
    if (!next('0') && !digits()) {
      at = start;
      throw fault("expected a json value");
    }
    int point = at;
    if (next('.') && !digits()) {
      throw fault("expected a digit");
    }
    int end = at;
    if (next('e') || next('E')) {
      if (!next('+')) {
        next('-');
      }
      if (!digits()) {
        throw fault("expected a digit");
      }
    } else if (end - whole <= EXACT_DIGITS) {
      return exact(negative, whole, point, end);
    }
    double value = Double.parseDouble(text.substring(start, at));
    if (Double.isInfinite(value)) {
      throw TrapException.syntax("the number at position " + start + " is too large", start);
    }
    return value;
  }

  /**
   * The value of so few digits that they and the power of ten below them are exact in binary64, so
   * that one division rounds correctly (Clinger, "How to Read Floating Point Numbers Accurately",
   * 1990).
   */
  private double exact(boolean negative, int whole, int point, int end) {
    long digits = 0;
    for (int i = whole; i < end; i++) {
      if (i != point) {
        digits = 10 * digits + (text.charAt(i) - '0');
      }
    }
    double value = point < end ? digits / TENS[end - point - 1] : digits;
    return negative ? -value : value;
  }

  private boolean digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at > start;
  }

  // ---- writing

  /**
   * Returns the text of a value.
   *
   * @param indent spaces of each level, 0 for one line
   */
  static String write(Object value, int indent) {
    JsonWriter writer = new JsonWriter(indent);
    writer.json(value);
    return writer.text();
  }

  /** The text of a number; −0 is 0, and what is no number null. */
  static String number(double d) {
    return Double.isNaN(d) || Double.isInfinite(d) ? "null" : d == 0 ? "0" : Numbers.text(d);
  }
}
