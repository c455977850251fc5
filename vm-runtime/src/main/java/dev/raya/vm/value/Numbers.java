package dev.raya.vm.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Text forms of numbers (language.md 6.5, stdlib.md 2.6) and parsing of numbers (stdlib.md 2.1).
 */
public final class Numbers {
  private static final double WHOLE_LIMIT = 9007199254740992.0;

  private Numbers() {}

  /** Returns the ECMAScript text of a number: the shortest digits that read back to it. */
  public static String text(double x) {
    if (x == (int) x) {
      return Integer.toString((int) x);
    }
    if (Double.isNaN(x)) {
      return "NaN";
    }
    if (Double.isInfinite(x)) {
      return x > 0 ? "Infinity" : "-Infinity";
    }
    if (Math.abs(x) < WHOLE_LIMIT && x == (long) x) {
      return Long.toString((long) x);
    }
    Digits d = shortest(Math.abs(x));
    StringBuilder out = new StringBuilder(26);
    if (x < 0) {
      out.append('-');
    }
    layOut(out, d.digits, d.point);
    return out.toString();
  }

  /**
   * Lays out digits whose decimal point stands after {@code point} of them, as Number::toString
   * does.
   */
  private static void layOut(StringBuilder out, String digits, int point) {
    int k = digits.length();
    if (k <= point && point <= 21) {
      out.append(digits).repeat('0', point - k);
    } else if (0 < point && point <= 21) {
      out.append(digits, 0, point).append('.').append(digits, point, k);
    } else if (-6 < point && point <= 0) {
      out.append("0.").repeat('0', -point).append(digits);
    } else {
      out.append(digits.charAt(0));
      if (k > 1) {
        out.append('.').append(digits, 1, k);
      }
      exponent(out, point - 1);
    }
  }

  private static void exponent(StringBuilder out, int e) {
    out.append('e').append(e < 0 ? '-' : '+').append(Math.abs(e));
  }

  private record Digits(String digits, int point) {}

  /**
   * The shortest digits of a positive finite number. {@link Double#toString} gives them except that
   * it never gives fewer than two; then one digit is tried.
   */
  private static Digits shortest(double x) {
    String s = Double.toString(x);
    int e = s.indexOf('E');
    int exp = e < 0 ? 0 : Integer.parseInt(s, e + 1, s.length(), 10);
    String mantissa = e < 0 ? s : s.substring(0, e);
    int dot = mantissa.indexOf('.');
    String all = mantissa.substring(0, dot) + mantissa.substring(dot + 1);
    int point = dot + exp;
    int start = 0;
    while (start < all.length() - 1 && all.charAt(start) == '0') {
      start++;
      point--;
    }
    int end = all.length();
    while (end > start + 1 && all.charAt(end - 1) == '0') {
      end--;
    }
    String digits = all.substring(start, end);
    if (digits.length() == 2) {
      int lower = digits.charAt(0) - '0';
      int first = digits.charAt(1) >= '5' ? lower + 1 : lower;
      for (int candidate : new int[] {first, first == lower ? lower + 1 : lower}) {
        if (candidate > 0 && Double.parseDouble(candidate + "E" + (point - 1)) == x) {
          return candidate == 10
              ? new Digits("1", point + 1)
              : new Digits(Integer.toString(candidate), point);
        }
      }
    }
    return new Digits(digits, point);
  }

  /** Number.toFixed: {@code digits} in 0…100. */
  public static String toFixed(double x, int digits) {
    if (!Double.isFinite(x) || Math.abs(x) >= 1e21) {
      return text(x);
    }
    BigDecimal v = new BigDecimal(Math.abs(x)).setScale(digits, RoundingMode.HALF_UP);
    String s = v.toPlainString();
    return x < 0 ? "-" + s : s;
  }

  /** Number.toExponential; {@code digits} in 0…100, or −1 for as many as needed. */
  public static String toExponential(double x, int digits) {
    if (!Double.isFinite(x)) {
      return text(x);
    }
    StringBuilder out = new StringBuilder();
    if (x < 0) {
      out.append('-');
    }
    Digits d =
        digits < 0
            ? (x == 0 ? new Digits("0", 1) : shortest(Math.abs(x)))
            : rounded(Math.abs(x), digits + 1);
    out.append(d.digits.charAt(0));
    if (d.digits.length() > 1) {
      out.append('.').append(d.digits, 1, d.digits.length());
    }
    exponent(out, d.point - 1);
    return out.toString();
  }

  /** Number.toPrecision; {@code precision} in 1…100. */
  public static String toPrecision(double x, int precision) {
    if (!Double.isFinite(x)) {
      return text(x);
    }
    Digits d = rounded(Math.abs(x), precision);
    StringBuilder out = new StringBuilder();
    if (x < 0) {
      out.append('-');
    }
    int e = d.point - 1;
    if (e < -6 || e >= precision) {
      out.append(d.digits.charAt(0));
      if (precision > 1) {
        out.append('.').append(d.digits, 1, precision);
      }
      exponent(out, e);
    } else if (e >= 0) {
      out.append(d.digits, 0, e + 1);
      if (precision > e + 1) {
        out.append('.').append(d.digits, e + 1, precision);
      }
    } else {
      out.append("0.").repeat('0', -(e + 1)).append(d.digits);
    }
    return out.toString();
  }

  private static Digits rounded(double x, int count) {
    if (x == 0) {
      return new Digits("0".repeat(count), 1);
    }
    BigDecimal v = new BigDecimal(x).round(new MathContext(count, RoundingMode.HALF_UP));
    String digits = v.unscaledValue().toString();
    int point = digits.length() - v.scale();
    if (digits.length() < count) {
      digits = digits + "0".repeat(count - digits.length());
    }
    return new Digits(digits.substring(0, count), point);
  }

  /**
   * Number.toString(radix); {@code radix} in 2…36. Fractions are written to the digits that tell
   * them apart.
   */
  public static String toRadix(double x, int radix) {
    if (radix == 10 || !Double.isFinite(x)) {
      return text(x);
    }
    double abs = Math.abs(x);
    double whole = Math.floor(abs);
    StringBuilder out = new StringBuilder();
    if (x < 0) {
      out.append('-');
    }
    out.append(
        whole < 0x1p62
            ? Long.toString((long) whole, radix)
            : new BigDecimal(whole).toBigInteger().toString(radix));
    double fraction = abs - whole;
    if (fraction > 0) {
      fractionDigits(out, abs, fraction, radix);
    }
    return out.toString();
  }

  private static void fractionDigits(StringBuilder out, double abs, double fraction, int radix) {
    out.append('.');
    double delta = Math.max(0.5 * (Math.nextUp(abs) - abs), Double.MIN_VALUE);
    int from = out.length();
    do {
      fraction *= radix;
      delta *= radix;
      int digit = (int) fraction;
      out.append(Character.forDigit(digit, radix));
      fraction -= digit;
      if (fraction > 0.5 || (fraction == 0.5 && (digit & 1) != 0)) {
        if (fraction + delta > 1) {
          roundUp(out, from, radix);
          break;
        }
      }
    } while (fraction >= delta);
  }

  /**
   * Adds one unit to the last digit of a fraction; trailing zeros fall off. A carry into the whole
   * part adds one.
   */
  private static void roundUp(StringBuilder out, int from, int radix) {
    int i = out.length() - 1;
    while (i >= from && Character.digit(out.charAt(i), radix) == radix - 1) {
      out.setLength(i--);
    }
    if (i >= from) {
      out.setCharAt(i, Character.forDigit(Character.digit(out.charAt(i), radix) + 1, radix));
      return;
    }
    out.setLength(from - 1);
    int sign = out.charAt(0) == '-' ? 1 : 0;
    String whole = new BigInteger(out.substring(sign), radix).add(BigInteger.ONE).toString(radix);
    out.setLength(sign);
    out.append(whole);
  }

  /** Number(text): the whole trimmed text, or NaN. */
  public static double parseWhole(String text) {
    String s = trim(text);
    if (s.isEmpty()) {
      return 0;
    }
    if (s.length() > 2 && s.charAt(0) == '0') {
      int radix =
          switch (s.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 0;
          };
      if (radix != 0) {
        return digitsEnd(s, 2, radix) == s.length()
            ? new BigInteger(s.substring(2), radix).doubleValue()
            : Double.NaN;
      }
    }
    int end = decimalEnd(s);
    return end == s.length() ? decimal(s, end) : Double.NaN;
  }

  /** parseFloat(text): the longest decimal prefix, or NaN. */
  public static double parseFloat(String text) {
    String s = trim(text);
    return decimal(s, decimalEnd(s));
  }

  /** parseInt(text, radix): the longest valid prefix, or NaN; radix 0 means "not given". */
  public static double parseInt(String text, int radix) {
    String s = trim(text);
    int i = 0;
    boolean negative = false;
    if (i < s.length() && (s.charAt(i) == '-' || s.charAt(i) == '+')) {
      negative = s.charAt(i++) == '-';
    }
    int base = radix == 0 ? 10 : radix;
    if (base < 2 || base > 36) {
      return Double.NaN;
    }
    if ((radix == 0 || radix == 16) && s.regionMatches(true, i, "0x", 0, 2)) {
      base = 16;
      i += 2;
    }
    int end = digitsEnd(s, i, base);
    if (end == i) {
      return Double.NaN;
    }
    double v =
        base == 10
            ? Double.parseDouble(s.substring(i, end))
            : new BigInteger(s.substring(i, end), base).doubleValue();
    return negative ? -v : v;
  }

  private static int digitsEnd(String s, int from, int radix) {
    int i = from;
    while (i < s.length() && s.charAt(i) < 128 && Character.digit(s.charAt(i), radix) >= 0) {
      i++;
    }
    return i;
  }

  /** The end of the longest prefix that is a decimal number or Infinity, 0 if there is none. */
  private static int decimalEnd(String s) {
    int i = 0;
    if (i < s.length() && (s.charAt(i) == '-' || s.charAt(i) == '+')) {
      i++;
    }
    if (s.startsWith("Infinity", i)) {
      return i + 8;
    }
    int whole = digitsEnd(s, i, 10);
    int end = whole;
    if (end < s.length() && s.charAt(end) == '.') {
      end = digitsEnd(s, end + 1, 10);
      if (end == whole + 1 && whole == i) {
        return 0;
      }
    } else if (whole == i) {
      return 0;
    }
    if (end < s.length() && (s.charAt(end) | 0x20) == 'e') {
      int e = end + 1;
      if (e < s.length() && (s.charAt(e) == '-' || s.charAt(e) == '+')) {
        e++;
      }
      int done = digitsEnd(s, e, 10);
      if (done > e) {
        end = done;
      }
    }
    return end;
  }

  private static double decimal(String s, int end) {
    return end == 0 ? Double.NaN : Double.parseDouble(s.substring(0, end));
  }

  /** Removes white space and line ends, as ECMAScript trims, from both ends. */
  public static String trim(String s) {
    int from = 0;
    int to = s.length();
    while (from < to && isSpace(s.charAt(from))) {
      from++;
    }
    while (to > from && isSpace(s.charAt(to - 1))) {
      to--;
    }
    return s.substring(from, to);
  }

  /** Says whether a code unit is white space or a line end. */
  public static boolean isSpace(char c) {
    return (c >= 9 && c <= 13)
        || c == ' '
        || c == 0xA0
        || c == 0xFEFF
        || c == 0x2028
        || c == 0x2029
        || (c > 0x7F && Character.getType(c) == Character.SPACE_SEPARATOR);
  }

  /** ToInt32: reduces modulo 2³² to a signed int; NaN and infinities give 0. */
  public static int toInt32(double x) {
    int i = (int) x;
    if (i == x) {
      return i;
    }
    if (!Double.isFinite(x)) {
      return 0;
    }
    if (Math.abs(x) < 0x1p62) {
      return (int) (long) x;
    }
    return new BigDecimal(x).toBigInteger().intValue();
  }
}
