package dev.raya.tuf.repository;

import dev.raya.cache.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The hash bins of index documents: 12 bits, so 4 096 of them (TAP 15; security.md, "Roots"). */
public final class HashBin {
  /** Leading bits of a target path's SHA-256 that name its bin. */
  public static final int BITS = 12;

  /** Number of bins. */
  public static final int COUNT = 1 << BITS;

  /** What their names begin with. */
  public static final String PREFIX = "bin";

  private static final int DIGITS = BITS / 4;

  private HashBin() {}

  /** The role name of the bin that a target path falls into, such as {@code bin-03f}. */
  public static String of(String targetPath) {
    return PREFIX
        + '-'
        + Digest.of(targetPath.getBytes(StandardCharsets.UTF_8)).hex().substring(0, DIGITS);
  }

  /**
   * The version of a bin that comes next. Bins without targets have odd versions and share a file
   * each, bins with targets have even ones: so no file of a bin without targets is of a version
   * that a snapshot names for one with some, and nobody can put it in its place.
   *
   * @param version the bin's last one; 0 for none
   * @param empty whether it has no targets
   */
  public static long next(long version, boolean empty) {
    return version + (isFor(version + 1, empty) ? 1 : 2);
  }

  /** Whether bins with or without targets have versions such as this one. */
  static boolean isFor(long version, boolean empty) {
    return (version % 2 == 1) == empty;
  }

  /** Whether a text is the role name of a bin. */
  public static boolean isName(String text) {
    return text.length() == PREFIX.length() + 1 + DIGITS
        && text.startsWith(PREFIX + '-')
        && text.chars()
            .skip(PREFIX.length() + 1L)
            .allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /** The role names of all bins, in order. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(COUNT);
    for (int number = 0; number < COUNT; number++) {
      String hex = Integer.toHexString(number);
      names.add(PREFIX + '-' + "0".repeat(DIGITS - hex.length()) + hex);
    }
    return names;
  }
}
