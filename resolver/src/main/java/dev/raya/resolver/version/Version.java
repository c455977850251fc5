package dev.raya.resolver.version;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A version by Semantic Versioning 2.0.0, strictly (no {@code v}, no missing part). Build metadata
 * is kept in {@link #text()} and ignored by {@link #equals}, {@link #compareTo} and matching, so
 * that equality is equality of precedence.
 */
public final class Version implements Comparable<Version> {
  /** Longest text of a version, in characters. */
  public static final int MAX_LENGTH = 256;

  private final String text;
  private final String major;
  private final String minor;
  private final String patch;
  private final String preRelease;

  private Version(String text, String major, String minor, String patch, String preRelease) {
    this.text = text;
    this.major = major;
    this.minor = minor;
    this.patch = patch;
    this.preRelease = preRelease;
  }

  /**
   * Reads a version.
   *
   * @throws VersionException if the text is no version of SemVer 2.0.0 or too long
   */
  public static Version parse(String text) throws VersionException {
    Version version = tryParse(text);
    if (version == null) {
      throw new VersionException(
          "expected a version such as 1.2.3 or 1.2.3-rc.1, found " + VersionException.quote(text));
    }
    return version;
  }

  /** The version the text is, or null if it is none. */
  public static @Nullable Version tryParse(String text) {
    int length = text.length();
    if (length > MAX_LENGTH) {
      return null;
    }
    int a = number(text, 0);
    int b = a < 0 || a >= length || text.charAt(a) != '.' ? -1 : number(text, a + 1);
    int c = b < 0 || b >= length || text.charAt(b) != '.' ? -1 : number(text, b + 1);
    if (c < 0) {
      return null;
    }
    int end = c;
    String preRelease = "";
    if (end < length && text.charAt(end) == '-') {
      int stop = identifiers(text, end + 1, true);
      if (stop < 0) {
        return null;
      }
      preRelease = text.substring(end + 1, stop);
      end = stop;
    }
    if (end < length && text.charAt(end) == '+') {
      end = identifiers(text, end + 1, false);
    }
    return end == length
        ? new Version(
            text,
            text.substring(0, a),
            text.substring(a + 1, b),
            text.substring(b + 1, c),
            preRelease)
        : null;
  }

  /** A version of three small numbers. */
  static Version of(String major, String minor, String patch, String preRelease) {
    String core = major + '.' + minor + '.' + patch;
    return new Version(
        preRelease.isEmpty() ? core : core + '-' + preRelease, major, minor, patch, preRelease);
  }

  /** End of the number (no leading zeros) that starts at {@code at}, or −1. */
  private static int number(String text, int at) {
    int end = at;
    while (end < text.length() && isDigit(text.charAt(end))) {
      end++;
    }
    return end == at || (text.charAt(at) == '0' && end > at + 1) ? -1 : end;
  }

  /** End of the dot-separated identifiers that start at {@code at}, or −1. */
  private static int identifiers(String text, int at, boolean noLeadingZeros) {
    int start = at;
    int i = at;
    while (true) {
      char c = i < text.length() ? text.charAt(i) : '.';
      if (c == '.' || c == '+') {
        if (i == start || (noLeadingZeros && hasLeadingZero(text, start, i))) {
          return -1;
        }
        if (i >= text.length() || c == '+') {
          return i;
        }
        start = i + 1;
      } else if (!isDigit(c) && !isLetter(c) && c != '-') {
        return -1;
      }
      i++;
    }
  }

  private static boolean hasLeadingZero(String text, int start, int end) {
    return end > start + 1 && text.charAt(start) == '0' && allDigits(text, start, end);
  }

  private static boolean allDigits(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** The text as written, build metadata included. */
  public String text() {
    return text;
  }

  /** The text without build metadata: what ranges, lockfiles and canonical forms write. */
  public String precedence() {
    int plus = text.indexOf('+');
    return plus < 0 ? text : text.substring(0, plus);
  }

  /** The first number, decimal digits. */
  public String major() {
    return major;
  }

  /** The second number, decimal digits. */
  public String minor() {
    return minor;
  }

  /** The third number, decimal digits. */
  public String patch() {
    return patch;
  }

  /** The pre-release identifiers without the hyphen; empty for a release. */
  public String preRelease() {
    return preRelease;
  }

  /** Whether it has pre-release identifiers. */
  public boolean isPreRelease() {
    return !preRelease.isEmpty();
  }

  /** Whether the other has the same three numbers. */
  public boolean sameCore(Version other) {
    return patch.equals(other.patch) && minor.equals(other.minor) && major.equals(other.major);
  }

  /** The version with the same three numbers that is no pre-release. */
  public Version core() {
    return isPreRelease() || text.indexOf('+') >= 0 ? of(major, minor, patch, "") : this;
  }

  /** The compatibility line it belongs to. */
  public CompatibilityLine line() {
    return CompatibilityLine.of(this);
  }

  /** Precedence as SemVer 2.0.0 section 11 orders it; build metadata does not count. */
  @Override
  public int compareTo(Version other) {
    int order = compareNumbers(major, other.major);
    if (order == 0) {
      order = compareNumbers(minor, other.minor);
    }
    if (order == 0) {
      order = compareNumbers(patch, other.patch);
    }
    return order == 0 ? comparePreReleases(preRelease, other.preRelease) : order;
  }

  /** Numbers of any length: without leading zeros the longer one is the greater one. */
  private static int compareNumbers(String a, String b) {
    return a.length() != b.length() ? Integer.compare(a.length(), b.length()) : a.compareTo(b);
  }

  private static int comparePreReleases(String a, String b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Boolean.compare(a.isEmpty(), b.isEmpty());
    }
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      int endA = identifierEnd(a, i);
      int endB = identifierEnd(b, j);
      int order = compareIdentifiers(a.substring(i, endA), b.substring(j, endB));
      if (order != 0) {
        return order;
      }
      i = endA + 1;
      j = endB + 1;
    }
    return Boolean.compare(i < a.length(), j < b.length());
  }

  private static int identifierEnd(String text, int start) {
    int dot = text.indexOf('.', start);
    return dot < 0 ? text.length() : dot;
  }

  private static int compareIdentifiers(String a, String b) {
    boolean numericA = allDigits(a, 0, a.length());
    boolean numericB = allDigits(b, 0, b.length());
    if (numericA && numericB) {
      return compareNumbers(a, b);
    }
    return numericA != numericB ? (numericA ? -1 : 1) : a.compareTo(b);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Version version
        && sameCore(version)
        && preRelease.equals(version.preRelease);
  }

  @Override
  public int hashCode() {
    return Objects.hash(major, minor, patch, preRelease);
  }

  /** {@link #text()}. */
  @Override
  public String toString() {
    return text;
  }
}
