package dev.raya.vm.interp;

import dev.raya.vm.value.RBytes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/** The built-ins of {@code raya:encoding} (stdlib.md 15). */
final class EncodingBuiltins {
  private final Polls polls;

  EncodingBuiltins(Polls polls) {
    this.polls = polls;
  }

  void call(int id, Args a) {
    switch (id) {
      case 480 -> bytes(a, utf8(a.text(0)));
      case 481 -> {
        byte[] data = BytesBuiltins.bytes(a, 0).copy();
        int bad = a.integer(1) != 0 ? -1 : malformed(data);
        if (bad >= 0) {
          throw TrapException.syntax("malformed UTF-8 at byte " + bad, bad);
        }
        text(a, new String(data, StandardCharsets.UTF_8));
      }
      case 482 -> text(a, HexFormat.of().formatHex(BytesBuiltins.bytes(a, 0).copy()));
      case 483 -> bytes(a, hex(a.text(0)));
      case 484 -> {
        byte[] data = BytesBuiltins.bytes(a, 0).copy();
        Base64.Encoder encoder =
            a.integer(1) != 0 ? Base64.getUrlEncoder().withoutPadding() : Base64.getEncoder();
        text(a, encoder.encodeToString(data));
      }
      case 485 -> bytes(a, base64(a.text(0)));
      default -> throw new IllegalStateException("unknown built-in " + id);
    }
  }

  private void bytes(Args a, byte[] data) {
    polls.allocate(32L + data.length);
    a.returnRef(new RBytes(data));
  }

  private void text(Args a, String text) {
    polls.allocate(32 + 2L * text.length());
    a.returnRef(text);
  }

  /** UTF-8 in which lone surrogates became U+FFFD. */
  static byte[] utf8(String text) {
    StringBuilder fixed = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else if (Character.isSurrogate(c)) {
        fixed = fixed == null ? new StringBuilder(text) : fixed;
        fixed.setCharAt(i, '\uFFFD');
      }
    }
    return (fixed == null ? text : fixed.toString()).getBytes(StandardCharsets.UTF_8);
  }

  /** The index of the first byte that belongs to no well-formed sequence, or −1. */
  static int malformed(byte[] data) {
    int i = 0;
    while (i < data.length) {
      int b = data[i] & 0xFF;
      int more = b < 0x80 ? 0 : b >= 0xC2 && b < 0xE0 ? 1 : b >= 0xE0 && b < 0xF0 ? 2 : 3;
      if (b >= 0x80 && (b < 0xC2 || b > 0xF4) || i + more >= data.length && more > 0) {
        return i;
      }
      for (int k = 1; k <= more; k++) {
        int c = data[i + k] & 0xFF;
        int low = k > 1 ? 0x80 : b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
        int high = k > 1 ? 0xBF : b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
        if (c < low || c > high) {
          return i;
        }
      }
      i += more + 1;
    }
    return -1;
  }

  private static byte[] hex(String text) {
    byte[] data = new byte[text.length() / 2];
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        throw TrapException.syntax("not a hexadecimal digit at position " + i, i);
      }
      if (i / 2 < data.length) {
        data[i / 2] = (byte) (data[i / 2] << 4 | digit);
      }
    }
    if (text.length() % 2 != 0) {
      throw TrapException.syntax("an odd number of hexadecimal digits", text.length());
    }
    return data;
  }

  /** Both alphabets; padding may be left out. */
  private static byte[] base64(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=' && text.length() - end < 2) {
      end--;
    }
    int padding = text.length() - end;
    byte[] data = new byte[(int) (end * 3L / 4)];
    int bits = 0;
    int have = 0;
    int to = 0;
    for (int i = 0; i < end; i++) {
      int value = base64Digit(text.charAt(i));
      if (value < 0) {
        throw TrapException.syntax("not a base64 digit at position " + i, i);
      }
      bits = bits << 6 | value;
      have += 6;
      if (have >= 8) {
        have -= 8;
        data[to++] = (byte) (bits >> have);
        bits &= (1 << have) - 1;
      }
    }
    if (end % 4 == 1 || padding > 0 && (end + padding) % 4 != 0) {
      throw TrapException.syntax("the base64 text is cut off", end);
    }
    if (bits != 0) {
      throw TrapException.syntax("the last base64 digit has bits of no byte", end - 1);
    }
    return data;
  }

  private static int base64Digit(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
  }
}
