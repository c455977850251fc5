package dev.raya.resolver.version;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A set of versions: a canonical union of intervals (packages.md section 1). Equal ranges have
 * equal {@link #text()}: alternatives ascend, what another alternative covers is merged into it
 * unless a pre-release that one of them names would match differently.
 *
 * <p>There are two written languages. People write carets, tildes, wildcards and hyphens ({@link
 * #parse}); archives, index documents, lockfiles and problem files hold the expanded form {@code
 * >=1.0.0 <2.0.0-0 || =3.1.4} ({@link #parseWritten}), which {@link #text()} gives.
 */
public final class VersionRange {
  /** Longest text of a range, in characters. */
  public static final int MAX_LENGTH = 1024;

  /** {@code *}: every version. */
  public static final VersionRange ANY = new VersionRange(List.of(Interval.ALL));

  /** {@code none}: no version. */
  public static final VersionRange NONE = new VersionRange(List.of());

  private static final String OR = " || ";

  private final List<Interval> intervals;
  private final String text;

  /**
   * Ranges that were read: the packages of a closure ask for each other in a few dozen ways, and
   * the two readings of each cost more than the rest of an index line.
   */
  private static final ConcurrentMap<String, VersionRange> RECENT = new ConcurrentHashMap<>();

  private static final int MOST_RECENT = 1024;

  private VersionRange(List<Interval> canonical) {
    this.intervals = List.copyOf(canonical);
    this.text = write(canonical);
  }

  /**
   * Reads what people write: {@code 1.2.3 =1.2.3 ^ ~ > >= < <= !=1.2.3 * 1.x 1.2.*}, hyphen ranges,
   * AND by space or comma, OR by {@code ||}. semver4j parses the comparators; its result must agree
   * with this module's own reading of the grammar.
   *
   * @throws VersionException if the text is no range or longer than {@value #MAX_LENGTH}
   */
  public static VersionRange parse(String text) throws VersionException {
    VersionRange known = RECENT.get(text);
    if (known == null) {
      known = RangeGrammar.parse(text, false);
      if (RECENT.size() < MOST_RECENT) {
        RECENT.put(text, known);
      }
    }
    return known;
  }

  /**
   * As {@link #parse}, for {@code --pre}: what a wildcard or a missing part leaves open begins with
   * the first pre-release ({@code 2.x} holds 2.0.0-rc.1).
   *
   * @throws VersionException as {@link #parse}
   */
  public static VersionRange parseWithPreReleases(String text) throws VersionException {
    return RangeGrammar.parse(text, true);
  }

  /** The range the text is, or null if it is none. */
  public static @Nullable VersionRange tryParse(String text) {
    try {
      return parse(text);
    } catch (VersionException e) {
      return null;
    }
  }

  /**
   * Reads the written form: alternatives joined by {@code " || "}, each a blank-separated
   * conjunction of {@code >=v >v <=v <v =v} or {@code *}; or {@code none}. It need not be
   * canonical.
   *
   * @throws VersionException if the text is not of that form or longer than {@value #MAX_LENGTH}
   */
  public static VersionRange parseWritten(String text) throws VersionException {
    return parseWritten(text, UnaryOperator.identity());
  }

  /**
   * As {@link #parseWritten(String)}, for readers of very many ranges over the same versions.
   *
   * @param shared gives for a version the equal one to keep in its place
   * @throws VersionException as {@link #parseWritten(String)}
   */
  public static VersionRange parseWritten(String text, UnaryOperator<Version> shared)
      throws VersionException {
    return RangeGrammar.parseWritten(text, shared);
  }

  /** The range that holds one version. */
  public static VersionRange exactly(Version version) {
    return new VersionRange(List.of(Interval.exactly(version)));
  }

  /** {@code ^version}: the rest of its compatibility line. */
  public static VersionRange caret(Version version) {
    return of(List.of(RangeGrammar.caret(version)));
  }

  /** A range of intervals in any order, empty ones among them. */
  static VersionRange of(List<Interval> intervals) {
    List<Interval> canonical = canonical(intervals);
    if (canonical.isEmpty()) {
      return NONE;
    }
    return new VersionRange(canonical);
  }

  private static List<Interval> canonical(List<Interval> intervals) {
    List<Interval> sorted = new ArrayList<>();
    for (Interval interval : intervals) {
      if (!interval.isEmpty()) {
        sorted.add(interval);
      }
    }
    sorted.sort(
        (a, b) -> {
          int order = a.compareLow(b);
          return order != 0 ? order : a.compareHigh(b);
        });
    int i = 0;
    while (i < sorted.size()) {
      i = mergeInto(sorted, i) ? Math.max(0, i - 1) : i + 1;
    }
    return sorted;
  }

  /** Merges the first later interval that can be merged into the one at {@code i}. */
  private static boolean mergeInto(List<Interval> sorted, int i) {
    for (int j = i + 1; j < sorted.size(); j++) {
      Interval merged = sorted.get(i).merge(sorted.get(j));
      if (merged != null) {
        sorted.set(i, merged);
        sorted.remove(j);
        return true;
      }
    }
    return false;
  }

  private static String write(List<Interval> canonical) {
    if (canonical.isEmpty()) {
      return "none";
    }
    StringBuilder out = new StringBuilder();
    for (Interval interval : canonical) {
      out.append(out.isEmpty() ? "" : OR).append(interval.text());
    }
    return out.toString();
  }

  /** The canonical written form. */
  public String text() {
    return text;
  }

  /** Whether no version lies in it. */
  public boolean isNone() {
    return intervals.isEmpty();
  }

  /** Whether it is {@code *}. */
  public boolean isAny() {
    return intervals.size() == 1 && intervals.getFirst().equals(Interval.ALL);
  }

  /** The version it consists of, or null if it is wider or empty. */
  public @Nullable Version exactVersion() {
    return intervals.size() == 1 && intervals.getFirst().isExact()
        ? intervals.getFirst().low()
        : null;
  }

  /** Whether the version lies in it by plain precedence, pre-releases like any other. */
  public boolean contains(Version version) {
    for (Interval interval : intervals) {
      if (interval.contains(version)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the version matches: it lies in an alternative, and if it is a pre-release, that
   * alternative names a pre-release of the same three numbers, or {@code preReleases} is on.
   */
  public boolean matches(Version version, boolean preReleases) {
    if (preReleases || !version.isPreRelease()) {
      return contains(version);
    }
    for (Interval interval : intervals) {
      if (interval.names(version) && interval.contains(version)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Positions of the versions that match, as {@link #matches} says, found by bisection.
   *
   * @param ascending versions in ascending order
   */
  public BitSet matching(List<Version> ascending, boolean preReleases) {
    BitSet matching = new BitSet(ascending.size());
    for (Interval interval : intervals) {
      Version low = interval.low();
      Version high = interval.high();
      int from = low == null ? 0 : position(ascending, low, !interval.lowInclusive());
      int to =
          high == null ? ascending.size() : position(ascending, high, interval.highInclusive());
      for (int i = from; i < to; i++) {
        if (preReleases || !ascending.get(i).isPreRelease() || interval.names(ascending.get(i))) {
          matching.set(i);
        }
      }
    }
    return matching;
  }

  /** How many versions are lower than {@code bound}, or not higher if {@code inclusive}. */
  private static int position(List<Version> ascending, Version bound, boolean inclusive) {
    int low = 0;
    int high = ascending.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = ascending.get(middle).compareTo(bound);
      if (order < 0 || (order == 0 && inclusive)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether some version could lie in both, by plain precedence. */
  public boolean intersects(VersionRange other) {
    return !intersect(other).isNone();
  }

  /** The versions in both, by plain precedence. */
  public VersionRange intersect(VersionRange other) {
    List<Interval> both = new ArrayList<>();
    for (Interval a : intervals) {
      for (Interval b : other.intervals) {
        both.add(a.intersect(b));
      }
    }
    return of(both);
  }

  /** The versions in either. */
  public VersionRange union(VersionRange other) {
    List<Interval> either = new ArrayList<>(intervals);
    either.addAll(other.intervals);
    return of(either);
  }

  /** The alternatives, ascending. */
  List<Interval> intervals() {
    return intervals;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof VersionRange range && text.equals(range.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** {@link #text()}. */
  @Override
  public String toString() {
    return text;
  }
}
