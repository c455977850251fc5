package dev.raya.resolver.version;

import org.jspecify.annotations.Nullable;

/**
 * One alternative of a range: the versions between two bounds. A conjunction of comparators always
 * is one, and its bounds alone decide which pre-releases it admits: a comparator that names a
 * pre-release of a version either is a bound or cuts all pre-releases of that version off.
 *
 * @param low lower bound, null for none
 * @param lowInclusive whether {@code low} itself belongs to it
 * @param high upper bound, null for none
 * @param highInclusive whether {@code high} itself belongs to it
 */
record Interval(
    @Nullable Version low, boolean lowInclusive, @Nullable Version high, boolean highInclusive) {
  static final Interval ALL = new Interval(null, false, null, false);

  static Interval exactly(Version version) {
    return new Interval(version, true, version, true);
  }

  static Interval above(Version version, boolean inclusive) {
    return new Interval(version, inclusive, null, false);
  }

  static Interval below(Version version, boolean inclusive) {
    return new Interval(null, false, version, inclusive);
  }

  boolean isEmpty() {
    if (high != null && !highInclusive && isLeast(high)) {
      return true;
    }
    if (low == null || high == null) {
      return false;
    }
    int order = low.compareTo(high);
    return order > 0 || (order == 0 && !(lowInclusive && highInclusive));
  }

  private static boolean isLeast(Version version) {
    return version.precedence().equals("0.0.0-0");
  }

  boolean isExact() {
    return low != null && low.equals(high);
  }

  boolean contains(Version version) {
    if (low != null) {
      int order = version.compareTo(low);
      if (order < 0 || (order == 0 && !lowInclusive)) {
        return false;
      }
    }
    if (high != null) {
      int order = version.compareTo(high);
      return order < 0 || (order == 0 && highInclusive);
    }
    return true;
  }

  /** Whether a pre-release of the version's core may match here. */
  boolean names(Version preRelease) {
    return (namesLow() && low != null && low.sameCore(preRelease))
        || (namesHigh() && high != null && high.sameCore(preRelease));
  }

  private boolean namesLow() {
    return low != null && low.isPreRelease();
  }

  /** {@code <2.0.0-0} names a pre-release in writing only: nothing of 2.0.0 lies below it. */
  private boolean namesHigh() {
    return high != null && high.isPreRelease() && (highInclusive || !high.preRelease().equals("0"));
  }

  Interval intersect(Interval other) {
    boolean mineLow = compareLow(other) >= 0;
    boolean mineHigh = compareHigh(other) <= 0;
    return new Interval(
        mineLow ? low : other.low,
        mineLow ? lowInclusive : other.lowInclusive,
        mineHigh ? high : other.high,
        mineHigh ? highInclusive : other.highInclusive);
  }

  int compareLow(Interval other) {
    if (low == null || other.low == null) {
      return Boolean.compare(low != null, other.low != null);
    }
    int order = low.compareTo(other.low);
    return order != 0 ? order : Boolean.compare(other.lowInclusive, lowInclusive);
  }

  int compareHigh(Interval other) {
    if (high == null || other.high == null) {
      return Boolean.compare(high == null, other.high == null);
    }
    int order = high.compareTo(other.high);
    return order != 0 ? order : Boolean.compare(highInclusive, other.highInclusive);
  }

  /**
   * The one interval that admits exactly what the two admit together, or null where there is none.
   * {@code this} must not start after {@code other}.
   */
  @Nullable Interval merge(Interval other) {
    if (!touches(other)) {
      return null;
    }
    boolean mineHigh = compareHigh(other) >= 0;
    Interval merged =
        new Interval(
            low,
            lowInclusive,
            mineHigh ? high : other.high,
            mineHigh ? highInclusive : other.highInclusive);
    return keepsGates(merged, this, other)
            && keepsGates(merged, other, this)
            && opensNoGate(merged, other)
        ? merged
        : null;
  }

  private boolean touches(Interval other) {
    if (high == null || other.low == null) {
      return true;
    }
    int order = other.low.compareTo(high);
    return order < 0 || (order == 0 && (highInclusive || other.lowInclusive));
  }

  /**
   * Whether each pre-release {@code part} admits is still admitted, and {@code rest} opens none.
   */
  private static boolean keepsGates(Interval merged, Interval part, Interval rest) {
    return keepsGate(merged, part.namesLow() ? part.low : null, part, rest)
        && keepsGate(merged, part.namesHigh() ? part.high : null, part, rest);
  }

  private static boolean keepsGate(
      Interval merged, @Nullable Version named, Interval part, Interval rest) {
    if (named == null) {
      return true;
    }
    return merged.names(named)
        && (rest.names(named) || !rest.meetsPreReleasesOf(named) || rest.within(part));
  }

  private boolean within(Interval other) {
    return compareLow(other) >= 0 && compareHigh(other) <= 0;
  }

  private boolean opensNoGate(Interval merged, Interval other) {
    return opensNoGate(merged.namesLow() ? merged.low : null, other)
        && opensNoGate(merged.namesHigh() ? merged.high : null, other);
  }

  private boolean opensNoGate(@Nullable Version named, Interval other) {
    return named == null || names(named) || other.names(named);
  }

  /** Whether the interval reaches into the pre-releases of the version's core. */
  private boolean meetsPreReleasesOf(Version version) {
    Version least = Version.of(version.major(), version.minor(), version.patch(), "0");
    Interval preReleases = new Interval(least, true, version.core(), false);
    return !intersect(preReleases).isEmpty();
  }

  String text() {
    if (low != null && low.equals(high)) {
      return '=' + low.precedence();
    }
    StringBuilder out = new StringBuilder();
    if (low != null) {
      out.append(lowInclusive ? ">=" : ">").append(low.precedence());
    }
    if (high != null) {
      out.append(out.isEmpty() ? "" : " ").append(highInclusive ? "<=" : "<");
      out.append(high.precedence());
    }
    return out.isEmpty() ? "*" : out.toString();
  }
}
