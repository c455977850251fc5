package dev.raya.registry.packages;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes whose unsigned order is the precedence of SemVer 2.0.0 section 11, so that "the highest
 * version" is the first row of an index.
 *
 * <p>A number is its count of digits (one byte, or 255 and a further count for each 254 digits) and
 * its digits. After the three numbers stands 2 for a release. A pre-release has for each identifier
 * 1 and then 1 with a number, or 2 with letters that end in 0; after the last one 0.
 */
public final class VersionSortKey {
  private static final int MAX_COUNT = 254;

  private VersionSortKey() {}

  /** The key of a version's precedence text, such as {@code 1.2.3-rc.1}. */
  public static byte[] of(String precedence) {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    int hyphen = precedence.indexOf('-');
    String core = hyphen < 0 ? precedence : precedence.substring(0, hyphen);
    for (String number : core.split("\\.", -1)) {
      number(number, key);
    }
    if (hyphen < 0) {
      key.write(2);
      return key.toByteArray();
    }
    for (String identifier : precedence.substring(hyphen + 1).split("\\.", -1)) {
      key.write(1);
      if (identifier.chars().allMatch(c -> c >= '0' && c <= '9')) {
        key.write(1);
        number(identifier, key);
      } else {
        key.write(2);
        key.writeBytes(identifier.getBytes(StandardCharsets.US_ASCII));
        key.write(0);
      }
    }
    key.write(0);
    return key.toByteArray();
  }

  private static void number(String digits, ByteArrayOutputStream key) {
    int count = digits.length();
    while (count > MAX_COUNT) {
      key.write(MAX_COUNT + 1);
      count -= MAX_COUNT;
    }
    key.write(count);
    key.writeBytes(digits.getBytes(StandardCharsets.US_ASCII));
  }
}
