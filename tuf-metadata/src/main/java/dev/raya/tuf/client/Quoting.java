package dev.raya.tuf.client;

import dev.raya.cache.digest.Digest;
import java.nio.charset.StandardCharsets;

/**
 * Names of roles and targets as parts of an address and as names of files. Quoted is everything but
 * the unreserved characters of RFC 3986, a slash too, so that no name leaves its folder.
 */
final class Quoting {
  /** Longest quoted name that becomes the name of a file, in characters. */
  private static final int MAX_FILE_NAME = 180;

  private static final String HEX = "0123456789ABCDEF";

  private Quoting() {}

  /** One segment of a path. */
  static String segment(String name) {
    StringBuilder out = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if ((c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || (c >= '0' && c <= '9')
          || "-._~".indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xf));
      }
    }
    return out.toString();
  }

  /**
   * The name of the file in which something of this name is kept. A long one is named by its
   * digest; the sign before it occurs in no quoted name.
   */
  static String fileName(String name) {
    String quoted = segment(name);
    if (quoted.length() <= MAX_FILE_NAME && !quoted.startsWith(".")) {
      return quoted;
    }
    return "%~" + Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
  }
}
