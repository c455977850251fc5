package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.Numbers;
import dev.raya.vm.value.RArray;
import dev.raya.vm.value.Text;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The members of string (stdlib.md 2.5). */
final class TextBuiltins {
  private final Polls polls;

  TextBuiltins(Polls polls) {
    this.polls = polls;
  }

  void call(int id, Args a) {
    if (id == 127 || id == 128) {
      fromCodes(id == 128, a);
      return;
    }
    String s = a.text(0);
    int n = s.length();
    switch (id) {
      case 100 -> {
        int i = a.position(1);
        i = i < 0 ? n + i : i;
        if (i < 0 || i >= n) {
          a.returnNull();
        } else {
          a.returnRef(Text.unit(s.charAt(i)));
        }
      }
      case 101 -> {
        int i = a.position(1);
        a.returnRef(i < 0 || i >= n ? "" : Text.unit(s.charAt(i)));
      }
      case 102 -> a.returnInt(s.charAt(inside(a.position(1), n)));
      case 103 -> a.returnInt(s.codePointAt(inside(a.position(1), n)));
      case 104 -> a.returnInt(s.indexOf(a.text(1), clamp(a.position(2, 0), n)));
      case 105 -> a.returnInt(s.lastIndexOf(a.text(1), a.count > 2 ? clamp(a.position(2), n) : n));
      case 106 -> a.returnBool(s.indexOf(a.text(1), clamp(a.position(2, 0), n)) >= 0);
      case 107 -> a.returnBool(s.startsWith(a.text(1), clamp(a.position(2, 0), n)));
      case 108 -> {
        String end = a.text(1);
        a.returnBool(s.startsWith(end, clamp(a.position(2, n), n) - end.length()));
      }
      case 109 -> {
        int from = clamp(a.position(1), n);
        int to = clamp(a.position(2, n), n);
        text(a, s.substring(Math.min(from, to), Math.max(from, to)));
      }
      case 110 -> {
        int from = fromEnd(a.position(1), n);
        int to = fromEnd(a.position(2, n), n);
        text(a, from < to ? s.substring(from, to) : "");
      }
      case 111 -> text(a, s.toUpperCase(Locale.ROOT));
      case 112 -> text(a, s.toLowerCase(Locale.ROOT));
      case 113 -> text(a, Numbers.trim(s));
      case 114 -> text(a, trimStart(s));
      case 115 -> text(a, trimEnd(s));
      case 116, 117 -> pad(a, s, id == 116);
      case 118 -> {
        int count = a.position(1);
        if (count < 0) {
          throw Args.rangeError("negative count " + count);
        }
        reserve((long) n * count);
        a.returnRef(s.repeat(count));
      }
      case 119 -> split(a, s);
      case 120 -> {
        String search = a.text(1);
        int at = s.indexOf(search);
        text(a, at < 0 ? s : s.substring(0, at) + a.text(2) + s.substring(at + search.length()));
      }
      case 121 -> replaceAll(a, s);
      case 122 -> a.returnInt(compareCodePoints(s, a.text(1)));
      case 123 -> text(a, normalize(s, a.count > 1 ? a.text(1) : "NFC"));
      case 124 -> strings(a, lines(s));
      case 125 -> {
        int[] points = s.codePoints().toArray();
        RArray array = make(a, points.length);
        for (int i = 0; i < points.length; i++) {
          array.set(i, points[i], null);
        }
        a.returnRef(array);
      }
      case 126 -> a.returnBool(isWellFormed(s));
      case 129 -> {
        int i = a.integer(1);
        if (i < 0 || i >= n) {
          throw Traps.outOfRange(i, n);
        }
        a.returnInt(i + Character.charCount(s.codePointAt(i)));
      }
      case 130 -> {
        int i = a.integer(1);
        if (i < 0 || i >= n) {
          throw Traps.outOfRange(i, n);
        }
        a.returnRef(Text.unit(s.charAt(i)));
      }
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  private void text(Args a, String value) {
    limit(value.length());
    polls.allocate(32 + 2L * value.length());
    a.returnRef(value);
  }

  /** Counts a string before it is built. */
  private void reserve(long length) {
    limit(length);
    polls.allocate(32 + 2 * length);
  }

  private static void limit(long length) {
    if (length > Text.MAX_LENGTH) {
      throw new TrapException(Trap.LENGTH_LIMIT, "string longer than " + Text.MAX_LENGTH);
    }
  }

  private static int inside(int i, int length) {
    if (i < 0 || i >= length) {
      throw Args.rangeError("index " + i + " out of range for length " + length);
    }
    return i;
  }

  /** Holds a position within 0…length. */
  static int clamp(int i, int length) {
    return Math.max(0, Math.min(i, length));
  }

  /** A position that counts from the end if negative, held within 0…length. */
  static int fromEnd(int i, int length) {
    return clamp(i < 0 ? length + i : i, length);
  }

  private static String trimStart(String s) {
    int i = 0;
    while (i < s.length() && Numbers.isSpace(s.charAt(i))) {
      i++;
    }
    return s.substring(i);
  }

  private static String trimEnd(String s) {
    int i = s.length();
    while (i > 0 && Numbers.isSpace(s.charAt(i - 1))) {
      i--;
    }
    return s.substring(0, i);
  }

  private void pad(Args a, String s, boolean start) {
    String fill = a.count > 2 ? a.text(2) : " ";
    int missing = a.position(1) - s.length();
    if (missing <= 0 || fill.isEmpty()) {
      a.returnRef(s);
      return;
    }
    reserve((long) s.length() + missing);
    String padding =
        fill.repeat(missing / fill.length()) + fill.substring(0, missing % fill.length());
    a.returnRef(start ? padding + s : s + padding);
  }

  private void split(Args a, String s) {
    String separator = a.text(1);
    int limit = a.count > 2 ? a.position(2) : Integer.MAX_VALUE;
    List<String> parts = new ArrayList<>();
    if (separator.isEmpty()) {
      for (int i = 0; i < s.length() && parts.size() < limit; i++) {
        parts.add(Text.unit(s.charAt(i)));
      }
    } else {
      int from = 0;
      for (int at = s.indexOf(separator);
          at >= 0 && parts.size() < limit;
          at = s.indexOf(separator, from)) {
        parts.add(s.substring(from, at));
        from = at + separator.length();
      }
      if (parts.size() < limit) {
        parts.add(s.substring(from));
      }
    }
    strings(a, parts);
  }

  private RArray make(Args a, int length) {
    polls.allocate(24 + 8L * length);
    return RArray.make(a.site.result, length);
  }

  private void strings(Args a, List<String> parts) {
    RArray array = make(a, parts.size());
    for (int i = 0; i < parts.size(); i++) {
      polls.allocate(32 + 2L * parts.get(i).length());
      array.set(i, 0, parts.get(i));
    }
    a.returnRef(array);
  }

  private void replaceAll(Args a, String s) {
    String search = a.text(1);
    String by = a.text(2);
    long matches = search.isEmpty() ? s.length() + 1L : 0;
    for (int at = matches == 0 ? s.indexOf(search) : -1;
        at >= 0;
        at = s.indexOf(search, at + search.length())) {
      matches++;
    }
    long length = s.length() + matches * (by.length() - search.length());
    reserve(length);
    StringBuilder out = new StringBuilder((int) length);
    int from = 0;
    if (search.isEmpty()) {
      for (int i = 0; i < s.length(); i++) {
        out.append(by).append(s.charAt(i));
      }
      out.append(by);
    } else {
      for (int at = s.indexOf(search); at >= 0; at = s.indexOf(search, from)) {
        out.append(s, from, at).append(by);
        from = at + search.length();
      }
      out.append(s, from, s.length());
    }
    a.returnRef(out.toString());
  }

  /**
   * −1, 0, 1 by code point order; a surrogate half sorts above the basic plane only as part of a
   * pair.
   */
  private static int compareCodePoints(String x, String y) {
    int i = 0;
    int j = 0;
    while (i < x.length() && j < y.length()) {
      int cx = x.codePointAt(i);
      int cy = y.codePointAt(j);
      if (cx != cy) {
        return cx < cy ? -1 : 1;
      }
      i += Character.charCount(cx);
      j += Character.charCount(cy);
    }
    return Integer.compare(x.length() - i, y.length() - j) < 0
        ? -1
        : x.length() - i == y.length() - j ? 0 : 1;
  }

  private static String normalize(String s, String form) {
    return switch (form) {
      case "NFC" -> Normalizer.normalize(s, Normalizer.Form.NFC);
      case "NFD" -> Normalizer.normalize(s, Normalizer.Form.NFD);
      case "NFKC" -> Normalizer.normalize(s, Normalizer.Form.NFKC);
      case "NFKD" -> Normalizer.normalize(s, Normalizer.Form.NFKD);
      default -> throw Args.rangeError("unknown normalization form " + form);
    };
  }

  private static List<String> lines(String s) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '\n' || c == '\r') {
        lines.add(s.substring(from, i));
        if (c == '\r' && i + 1 < s.length() && s.charAt(i + 1) == '\n') {
          i++;
        }
        from = i + 1;
      }
    }
    if (from < s.length()) {
      lines.add(s.substring(from));
    }
    return lines;
  }

  private static boolean isWellFormed(String s) {
    for (int i = 0; i < s.length(); i++) {
      int point = s.codePointAt(i);
      if (point >= 0xD800 && point <= 0xDFFF) {
        return false;
      }
      i += Character.charCount(point) - 1;
    }
    return true;
  }

  private void fromCodes(boolean points, Args a) {
    RArray codes = a.array(0);
    StringBuilder out = new StringBuilder(codes.length);
    double[] value = new double[1];
    for (int i = 0; i < codes.length; i++) {
      value[0] =
          codes.kind() == dev.raya.vm.value.Kind.I
              ? (double) (int) codes.word(i)
              : Double.longBitsToDouble(codes.word(i));
      if (!points) {
        out.append((char) Numbers.toInt32(value[0]));
      } else {
        int point = (int) value[0];
        if (point != value[0] || !Character.isValidCodePoint(point)) {
          throw Args.rangeError(Numbers.text(value[0]) + " is not a code point");
        }
        out.appendCodePoint(point);
      }
    }
    text(a, out.toString());
  }
}
