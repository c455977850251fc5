package dev.raya.resolver.version;

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

  /** Where the first number ends in the text; the others end at {@link #minorEnd} and so on. */
  private final short majorEnd;

  private final short minorEnd;
  private final short patchEnd;

  /** Where the pre-release identifiers end; {@link #patchEnd} if there are none. */
  private final short preReleaseEnd;

  /** Keeps places, not parts: registries and problem files hold very many versions. */
  private Version(String text, int majorEnd, int minorEnd, int patchEnd, int preReleaseEnd) {
    this.text = text;
    this.majorEnd = (short) majorEnd;
    this.minorEnd = (short) minorEnd;
    this.patchEnd = (short) patchEnd;
    this.preReleaseEnd = (short) preReleaseEnd;
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
    if (end < length && text.charAt(end) == '-') {
      end = identifiers(text, end + 1, true);
      if (end < 0) {
        return null;
      }
    }
    int preReleaseEnd = end;
    if (end < length && text.charAt(end) == '+') {
      end = identifiers(text, end + 1, false);
    }
    return end == length ? new Version(text, a, b, c, preReleaseEnd) : null;
  }

  /**
   * The version that somebody probably meant: without a {@code v} or {@code =} before it, with the
   * numbers it lacks, without leading zeros.
   *
   * @return null if that is no version either
   */
  public static @Nullable Version nearest(String text) {
    if (text.length() > MAX_LENGTH) {
      return null;
    }
    String bare = text.strip().replaceFirst("^[vV=]+", "");
    int end = 0;
    while (end < bare.length() && (bare.charAt(end) == '.' || isDigit(bare.charAt(end)))) {
      end++;
    }
    StringBuilder core = new StringBuilder();
    String[] numbers = bare.substring(0, end).split("\\.", -1);
    for (String number : numbers) {
      core.append(core.isEmpty() ? "" : ".").append(number.replaceFirst("^0+(?=\\d)", ""));
    }
    return tryParse(core + ".0".repeat(Math.max(0, 3 - numbers.length)) + bare.substring(end));
  }

  /** A version of three small numbers. */
  static Version of(String major, String minor, String patch, String preRelease) {
    String core = major + '.' + minor + '.' + patch;
    int minorEnd = major.length() + 1 + minor.length();
    String text = preRelease.isEmpty() ? core : core + '-' + preRelease;
    return new Version(text, major.length(), minorEnd, core.length(), text.length());
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
    return text.substring(0, majorEnd);
  }

  /** The second number, decimal digits. */
  public String minor() {
    return text.substring(majorEnd + 1, minorEnd);
  }

  /** The third number, decimal digits. */
  public String patch() {
    return text.substring(minorEnd + 1, patchEnd);
  }

  /** The pre-release identifiers without the hyphen; empty for a release. */
  public String preRelease() {
    return isPreRelease() ? text.substring(patchEnd + 1, preReleaseEnd) : "";
  }

  /** Whether it has pre-release identifiers. */
  public boolean isPreRelease() {
    return preReleaseEnd > patchEnd;
  }

  /** Whether the other has the same three numbers. */
  public boolean sameCore(Version other) {
    return patchEnd == other.patchEnd && text.regionMatches(0, other.text, 0, patchEnd);
  }

  /** The version with the same three numbers that is no pre-release. */
  public Version core() {
    return isPreRelease() || text.indexOf('+') >= 0 ? of(major(), minor(), patch(), "") : this;
  }

  /** The compatibility line it belongs to. */
  public CompatibilityLine line() {
    return CompatibilityLine.of(this);
  }

  /** Precedence as SemVer 2.0.0 section 11 orders it; build metadata does not count. */
  @Override
  public int compareTo(Version other) {
    int order = compareNumbers(0, majorEnd, other, 0, other.majorEnd);
    if (order == 0) {
      order = compareNumbers(majorEnd + 1, minorEnd, other, other.majorEnd + 1, other.minorEnd);
    }
    if (order == 0) {
      order = compareNumbers(minorEnd + 1, patchEnd, other, other.minorEnd + 1, other.patchEnd);
    }
    return order == 0 && (isPreRelease() || other.isPreRelease())
        ? comparePreReleases(preRelease(), other.preRelease())
        : order;
  }

  /** The numbers at places of two texts, as {@link #compareNumbers(String, String)}. */
  private int compareNumbers(int from, int to, Version other, int otherFrom, int otherTo) {
    int length = to - from;
    if (length != otherTo - otherFrom) {
      return Integer.compare(length, otherTo - otherFrom);
    }
    for (int i = 0; i < length; i++) {
      int order = text.charAt(from + i) - other.text.charAt(otherFrom + i);
      if (order != 0) {
        return order;
      }
    }
    return 0;
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
        && preReleaseEnd == version.preReleaseEnd
        && patchEnd == version.patchEnd
        && text.regionMatches(0, version.text, 0, preReleaseEnd);
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (int i = 0; i < preReleaseEnd; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  /** {@link #text()}. */
  @Override
  public String toString() {
    return text;
  }
}
