package dev.raya.vm.bytecode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Strings of UTF-16 code units as the file stores them: WTF-8, one form per string ({@code rbin.md}
 * 1).
 */
final class Wtf8 {
  /** Order of the encoded bytes, unsigned: the order of the constant pool. */
  static final Comparator<String> ORDER = Wtf8::compare;

  private Wtf8() {}

  static byte[] encode(String text) {
    byte[] bytes = new byte[3 * text.length()];
    int at = 0;
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit < 0x80) {
        bytes[at++] = (byte) unit;
      } else if (unit < 0x800) {
        bytes[at++] = (byte) (0xC0 | unit >> 6);
        bytes[at++] = (byte) (0x80 | unit & 0x3F);
      } else if (Character.isHighSurrogate(unit)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        int point = Character.toCodePoint(unit, text.charAt(++i));
        bytes[at++] = (byte) (0xF0 | point >> 18);
        bytes[at++] = (byte) (0x80 | point >> 12 & 0x3F);
        bytes[at++] = (byte) (0x80 | point >> 6 & 0x3F);
        bytes[at++] = (byte) (0x80 | point & 0x3F);
      } else {
        bytes[at++] = (byte) (0xE0 | unit >> 12);
        bytes[at++] = (byte) (0x80 | unit >> 6 & 0x3F);
        bytes[at++] = (byte) (0x80 | unit & 0x3F);
      }
    }
    return Arrays.copyOf(bytes, at);
  }

  /** The string that bytes encode, or null if they are ill-formed. */
  static @Nullable String decode(byte[] bytes, int from, int length) {
    if (isAscii(bytes, from, length)) {
      return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
    StringBuilder text = new StringBuilder(length);
    int end = from + length;
    int at = from;
    boolean afterHigh = false;
    while (at < end) {
      int lead = bytes[at] & 0xFF;
      int size = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      if (size == 0 || lead > 0xF4 || at + size > end) {
        return null;
      }
      int point = size == 1 ? lead : lead & (0xFF >> size + 1);
      for (int i = 1; i < size; i++) {
        int next = bytes[at + i] & 0xFF;
        if ((next & 0xC0) != 0x80) {
          return null;
        }
        point = point << 6 | next & 0x3F;
      }
      if ((size == 3 && point < 0x800) || (size == 4 && (point < 0x10000 || point > 0x10FFFF))) {
        return null;
      }
      boolean low = point >= 0xDC00 && point <= 0xDFFF;
      if (low && afterHigh) {
        return null;
      }
      afterHigh = point >= 0xD800 && point <= 0xDBFF;
      text.appendCodePoint(point);
      at += size;
    }
    return text.toString();
  }

  private static boolean isAscii(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  static boolean hasSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (Character.isHighSurrogate(unit)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(unit)) {
        return true;
      }
    }
    return false;
  }

  /** Compares by code point, which is the order of the encoded bytes. */
  private static int compare(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      if (a.charAt(i) != b.charAt(i)) {
        int start = i;
        if (start > 0
            && Character.isHighSurrogate(a.charAt(start - 1))
            && (Character.isLowSurrogate(a.charAt(i)) || Character.isLowSurrogate(b.charAt(i)))) {
          start--;
        }
        return Integer.compare(a.codePointAt(start), b.codePointAt(start));
      }
    }
    if (a.length() != b.length() && length > 0) {
      boolean aLonger = a.length() > b.length();
      String longer = aLonger ? a : b;
      if (Character.isHighSurrogate(longer.charAt(length - 1))
          && Character.isLowSurrogate(longer.charAt(length))) {
        return Integer.compare(a.codePointAt(length - 1), b.codePointAt(length - 1));
      }
    }
    return Integer.compare(a.length(), b.length());
  }
}
