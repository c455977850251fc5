package dev.raya.cache.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A strict reader of RFC 8259 for bytes that nobody vouches for.
 *
 * <p>Refused: duplicate members, a byte-order mark, ill-formed UTF-8, lone surrogates, trailing
 * bytes, nesting deeper than {@value #MAX_DEPTH}, and numbers that a binary64 cannot hold exactly
 * where they are written as integers.
 */
public final class JsonReader {
  /** Deepest nesting of arrays and objects. */
  public static final int MAX_DEPTH = 64;

  /** Longest text of one number, in characters. */
  private static final int MAX_NUMBER = 64;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * Reads one document.
   *
   * @throws JsonException if the bytes are not exactly one JSON value by the rules above
   */
  public static Json read(byte[] document) throws JsonException {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(document)).toString();
    } catch (CharacterCodingException e) {
      throw new JsonException("expected UTF-8, found an ill-formed sequence", -1);
    }
    return read(text);
  }

  /**
   * Reads one document that is already text.
   *
   * @throws JsonException as {@link #read(byte[])}
   */
  public static Json read(String document) throws JsonException {
    JsonReader reader = new JsonReader(document);
    Json value = reader.value(0);
    reader.space();
    if (reader.at < document.length()) {
      throw reader.fault("expected the end of the document, found " + reader.found());
    }
    return value;
  }

  /** A value inside so many objects and arrays. */
  private Json value(int depth) throws JsonException {
    space();
    if (at >= text.length()) {
      throw fault("expected a value, found the end of the document");
    }
    char first = text.charAt(at);
    if (depth == MAX_DEPTH && (first == '{' || first == '[')) {
      throw fault("nested deeper than " + MAX_DEPTH);
    }
    return switch (first) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> new Json.Str(string());
      case 't' -> literal("true", new Json.Bool(true));
      case 'f' -> literal("false", new Json.Bool(false));
      case 'n' -> literal("null", Json.NULL);
      default -> number();
    };
  }

  private Json object(int depth) throws JsonException {
    at++;
    Map<String, Json> members = new LinkedHashMap<>();
    space();
    if (skip('}')) {
      return new Json.Obj(members);
    }
    while (true) {
      space();
      if (at >= text.length() || text.charAt(at) != '"') {
        throw fault("expected a member name, found " + found());
      }
      int start = at;
      String name = string();
      space();
      expect(':');
      if (members.containsKey(name)) {
        at = start;
        throw fault("member \"" + name + "\" occurs twice");
      }
      members.put(name, value(depth + 1));
      space();
      if (skip('}')) {
        return new Json.Obj(members);
      }
      expect(',');
    }
  }

  private Json array(int depth) throws JsonException {
    at++;
    List<Json> items = new ArrayList<>();
    space();
    if (skip(']')) {
      return new Json.Array(items);
    }
    while (true) {
      items.add(value(depth + 1));
      space();
      if (skip(']')) {
        return new Json.Array(items);
      }
      expect(',');
    }
  }

  private Json literal(String word, Json value) throws JsonException {
    if (!text.startsWith(word, at)) {
      throw fault("expected a value, found " + found());
    }
    at += word.length();
    return value;
  }

  private String string() throws JsonException {
    at++;
    int start = at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        String plain = text.substring(start, at++);
        checkSurrogates(plain);
        return plain;
      }
      if (c == '\\') {
        return escaped(start);
      }
      if (c < 0x20) {
        throw fault("control characters in strings must be escaped, found " + found());
      }
      at++;
    }
    throw fault("the string is not closed");
  }

  private String escaped(int start) throws JsonException {
    StringBuilder out = new StringBuilder(text.substring(start, at));
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        String value = out.toString();
        checkSurrogates(value);
        return value;
      }
      if (c < 0x20) {
        at--;
        throw fault("control characters in strings must be escaped, found " + found());
      }
      out.append(c == '\\' ? escape() : c);
    }
    throw fault("the string is not closed");
  }

  private char escape() throws JsonException {
    if (at >= text.length()) {
      throw fault("the string is not closed");
    }
    char c = text.charAt(at++);
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> {
        at--;
        throw fault("unknown escape \\" + c);
      }
    };
  }

  private char unicode() throws JsonException {
    if (at + 4 > text.length()) {
      throw fault("expected four hexadecimal digits");
    }
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(text.charAt(at + i), 16);
      if (digit < 0 || text.charAt(at + i) > 'f') {
        throw fault("expected four hexadecimal digits");
      }
      value = value * 16 + digit;
    }
    at += 4;
    return (char) value;
  }

  private void checkSurrogates(String value) throws JsonException {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      if (Character.isLowSurrogate(c)
          || i + 1 >= value.length()
          || !Character.isLowSurrogate(value.charAt(i + 1))) {
        throw fault("a lone surrogate is no character");
      }
      i++;
    }
  }

  private Json number() throws JsonException {
    int start = at;
    skip('-');
    if (!skip('0')) {
      digits();
    }
    boolean integer = true;
    if (skip('.')) {
      integer = false;
      digits();
    }
    if (skip('e') || skip('E')) {
      integer = false;
      if (!skip('+')) {
        skip('-');
      }
      digits();
    }
    if (at - start > MAX_NUMBER) {
      at = start;
      throw fault("a number of more than " + MAX_NUMBER + " characters");
    }
    String written = text.substring(start, at);
    if (integer) {
      return integer(written, start);
    }
    double value = Double.parseDouble(written);
    if (Double.isInfinite(value)) {
      at = start;
      throw fault("number " + written + " is too large");
    }
    return value == Math.rint(value) && Math.abs(value) <= Json.Int.MAX
        ? new Json.Int((long) value)
        : new Json.Real(value);
  }

  private Json integer(String written, int start) throws JsonException {
    if (written.length() <= 17) {
      long value = Long.parseLong(written);
      if (Math.abs(value) <= Json.Int.MAX) {
        return new Json.Int(value);
      }
    }
    at = start;
    throw fault("integer " + written + " is outside ±(2^53 − 1)");
  }

  private void digits() throws JsonException {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    if (at == start) {
      throw fault("expected a digit, found " + found());
    }
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

  private boolean skip(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) throws JsonException {
    if (!skip(c)) {
      throw fault("expected '" + c + "', found " + found());
    }
  }

  private String found() {
    if (at >= text.length()) {
      return "the end of the document";
    }
    char c = text.charAt(at);
    return c < 0x20 || c > 0x7e ? String.format("U+%04X", (int) c) : "'" + c + "'";
  }

  private JsonException fault(String message) {
    int end = Math.min(at, text.length());
    return new JsonException(
        message, text.substring(0, end).getBytes(StandardCharsets.UTF_8).length);
  }
}
