package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.JsonAbsent;
import dev.raya.vm.value.JsonArray;
import dev.raya.vm.value.JsonObject;
import dev.raya.vm.value.Numbers;
import dev.raya.vm.value.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes the text of json values (RFC 8259, stdlib.md 4). */
final class JsonText {
  /** How deep arrays and objects may lie in each other (stdlib.md 19). */
  static final int MAX_DEPTH = 512;

  private final String text;
  private int at;

  private JsonText(String text) {
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
    reader.space();
    if (reader.at < text.length()) {
      throw reader.fault("expected the end of the text");
    }
    return value;
  }

  static TrapException tooDeep() {
    return new TrapException(Trap.RECURSION_LIMIT, "json is nested deeper than " + MAX_DEPTH);
  }

  private TrapException fault(String what) {
    String found = at < text.length() ? ", found " + Display.quote(text.substring(at, at + 1)) : "";
    return TrapException.syntax(what + " at position " + at + found, at);
  }

  private void space() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      at++;
    }
  }

  private Object value(int depth) {
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

  private boolean next(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private String string() {
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

  private Object number() {
    int start = at;
    next('-');
    if (!next('0') && !digits()) {
      at = start;
      throw fault("expected a json value");
    }
    if (next('.') && !digits()) {
      throw fault("expected a digit");
    }
    if (next('e') || next('E')) {
      if (!next('+')) {
        next('-');
      }
      if (!digits()) {
        throw fault("expected a digit");
      }
    }
    double value = Double.parseDouble(text.substring(start, at));
    if (Double.isInfinite(value)) {
      throw TrapException.syntax("the number at position " + start + " is too large", start);
    }
    return value;
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
    StringBuilder out = new StringBuilder();
    write(out, value, indent, 0);
    return out.toString();
  }

  private static void write(StringBuilder out, Object value, int indent, int depth) {
    if (out.length() > Text.MAX_LENGTH) {
      throw new TrapException(Trap.LENGTH_LIMIT, "the json text is too long");
    }
    switch (value) {
      case Double d -> out.append(number(d));
      case Boolean b -> out.append(b.booleanValue());
      case JsonAbsent absent -> out.append("null");
      case JsonArray array -> {
        String separator = "[";
        for (Object item : array.items()) {
          out.append(separator);
          line(out, indent, depth + 1);
          write(out, item, indent, depth + 1);
          separator = ",";
        }
        end(out, separator.equals("["), "[", ']', indent, depth);
      }
      case JsonObject object -> {
        String separator = "{";
        for (Map.Entry<String, Object> member : object.members().entrySet()) {
          if (member.getValue() == JsonAbsent.UNDEFINED) {
            continue;
          }
          out.append(separator);
          line(out, indent, depth + 1);
          out.append(Display.quote(member.getKey())).append(indent > 0 ? ": " : ":");
          write(out, member.getValue(), indent, depth + 1);
          separator = ",";
        }
        end(out, separator.equals("{"), "{", '}', indent, depth);
      }
      default -> out.append(Display.quote(Text.flat(value)));
    }
  }

  private static void line(StringBuilder out, int indent, int depth) {
    if (indent > 0) {
      out.append('\n').repeat(' ', indent * depth);
    }
  }

  private static void end(
      StringBuilder out, boolean empty, String open, char close, int indent, int depth) {
    if (empty) {
      out.append(open);
    } else {
      line(out, indent, depth);
    }
    out.append(close);
  }

  /** The text of a number; −0 is 0, and what is no number null. */
  static String number(double d) {
    return Double.isNaN(d) || Double.isInfinite(d) ? "null" : d == 0 ? "0" : Numbers.text(d);
  }
}
