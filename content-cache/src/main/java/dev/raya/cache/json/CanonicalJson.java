package dev.raya.cache.json;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON Canonicalization Scheme, RFC 8785: members sorted by UTF-16 code units, no white space,
 * shortest escapes, numbers as ECMAScript prints them.
 */
public final class CanonicalJson {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private CanonicalJson() {}

  /** The canonical UTF-8 bytes of a value. */
  public static byte[] bytes(Json value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The canonical text of a value.
   *
   * @throws IllegalArgumentException if a string holds a lone surrogate, which has no UTF-8 form
   */
  public static String text(Json value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Json value, StringBuilder out) {
    switch (value) {
      case Json.Null() -> out.append("null");
      case Json.Bool(boolean b) -> out.append(b);
      case Json.Int(long n) -> out.append(n);
      case Json.Real(double d) -> out.append(number(d));
      case Json.Str(String s) -> string(s, out);
      case Json.Array(List<Json> items) -> array(items, out);
      case Json.Obj(Map<String, Json> members) -> object(members, out);
    }
  }

  private static void array(List<Json> items, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      write(items.get(i), out);
    }
    out.append(']');
  }

  private static void object(Map<String, Json> members, StringBuilder out) {
    out.append('{');
    boolean first = true;
    // String.compareTo orders by UTF-16 code units, as RFC 8785 section 3.2.3 asks.
    for (Map.Entry<String, Json> member : new TreeMap<>(members).entrySet()) {
      if (!first) {
        out.append(',');
      }
      first = false;
      string(member.getKey(), out);
      out.append(':');
      write(member.getValue(), out);
    }
    out.append('}');
  }

  private static void string(String s, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 15]);
          } else {
            if (Character.isSurrogate(c)) {
              requirePair(s, i);
            }
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static void requirePair(String s, int i) {
    boolean paired =
        Character.isHighSurrogate(s.charAt(i))
            ? i + 1 < s.length() && Character.isLowSurrogate(s.charAt(i + 1))
            : i > 0 && Character.isHighSurrogate(s.charAt(i - 1));
    if (!paired) {
      throw new IllegalArgumentException("a lone surrogate has no UTF-8 form (index " + i + ')');
    }
  }

  /**
   * ECMAScript Number::toString (ECMA-262, 6.1.6.1.20). Java's shortest decimal digits are the same
   * since JDK 19; only the layout differs.
   */
  static String number(double d) {
    if (d == 0) {
      return "0";
    }
    String java = Double.toString(Math.abs(d));
    int e = java.indexOf('E');
    int exponent = e < 0 ? 0 : Integer.parseInt(java.substring(e + 1));
    String mantissa = e < 0 ? java : java.substring(0, e);
    int point = mantissa.indexOf('.');
    String digits = mantissa.substring(0, point) + mantissa.substring(point + 1);
    int n = point + exponent;
    int lead = 0;
    while (lead < digits.length() - 1 && digits.charAt(lead) == '0') {
      lead++;
    }
    digits = digits.substring(lead);
    n -= lead;
    int end = digits.length();
    while (end > 1 && digits.charAt(end - 1) == '0') {
      end--;
    }
    digits = oneDigit(digits.substring(0, end), n, Math.abs(d));
    return (d < 0 ? "-" : "") + layOut(digits, n);
  }

  /**
   * Java always prints two digits, and then the nearest two; ECMAScript prints one where one is
   * enough.
   */
  private static String oneDigit(String digits, int n, double value) {
    if (digits.length() != 2) {
      return digits;
    }
    int nearest = digits.charAt(0) - '0' + (digits.charAt(1) >= '5' ? 1 : 0);
    return nearest <= 9 && Double.parseDouble(nearest + "E" + (n - 1)) == value
        ? String.valueOf(nearest)
        : digits;
  }

  private static String layOut(String digits, int n) {
    int k = digits.length();
    if (k <= n && n <= 21) {
      return digits + "0".repeat(n - k);
    }
    if (0 < n && n <= 21) {
      return digits.substring(0, n) + '.' + digits.substring(n);
    }
    if (-6 < n && n <= 0) {
      return "0." + "0".repeat(-n) + digits;
    }
    String exponent = (n - 1 < 0 ? "-" : "+") + Math.abs(n - 1);
    return k == 1
        ? digits + 'e' + exponent
        : digits.charAt(0) + "." + digits.substring(1) + 'e' + exponent;
  }
}
