package dev.raya.resolver.version;

import java.util.ArrayList;
import java.util.List;
import org.semver4j.range.Range;
import org.semver4j.range.RangeList;
import org.semver4j.range.RangeListFactory;

/**
 * The second reading of a range, by semver4j: it parses the expanded comparators, and what it makes
 * of them must be what our own grammar meant. Only here is semver4j used.
 */
final class Semver4jReading {
  /** Longest number that semver4j holds (an {@code int}), in digits. */
  private static final int MAX_DIGITS = 9;

  private Semver4jReading() {}

  /**
   * Parses the comparators again.
   *
   * @param text the range as written, for the message
   * @param alternatives the comparators of each alternative
   * @throws VersionException if the two readings differ
   */
  static void requireAgreement(String text, List<List<Interval>> alternatives)
      throws VersionException {
    List<List<String>> ours = new ArrayList<>();
    for (List<Interval> alternative : alternatives) {
      List<String> comparators = new ArrayList<>();
      for (Interval comparator : alternative) {
        if (!fits(comparator)) {
          return;
        }
        comparators.add(comparator.text());
      }
      if (!comparators.isEmpty()) {
        ours.add(comparators);
      }
    }
    if (!ours.isEmpty() && !read(ours).equals(ours)) {
      throw new VersionException(
          "the range "
              + VersionException.quote(text)
              + " can be read in two ways; write it with >=, < and =");
    }
  }

  private static List<List<String>> read(List<List<String>> ours) {
    List<String> joined = new ArrayList<>();
    for (List<String> alternative : ours) {
      joined.add(String.join(" ", alternative));
    }
    RangeList list = RangeListFactory.create(String.join(" || ", joined));
    List<List<String>> theirs = new ArrayList<>();
    for (List<Range> alternative : list.get()) {
      List<String> comparators = new ArrayList<>();
      for (Range comparator : alternative) {
        comparators.add(comparator.toString());
      }
      theirs.add(comparators);
    }
    return theirs;
  }

  private static boolean fits(Interval comparator) {
    Version low = comparator.low();
    Version high = comparator.high();
    return (low == null || fits(low)) && (high == null || fits(high));
  }

  private static boolean fits(Version version) {
    return version.major().length() <= MAX_DIGITS
        && version.minor().length() <= MAX_DIGITS
        && version.patch().length() <= MAX_DIGITS;
  }
}
