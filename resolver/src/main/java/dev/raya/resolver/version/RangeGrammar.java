package dev.raya.resolver.version;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of ranges as people write them, read in one pass without backtracking. What it
 * expands is written as plain comparators and parsed again by semver4j ({@link Semver4jReading});
 * the two must agree. semver4j alone cannot be relied on: it drops what it does not understand
 * ({@code >=1 foo} becomes {@code >=1.0.0}) and reads {@code ^0} as {@code >=0.0.0}; the fixtures
 * of node-semver decide.
 */
final class RangeGrammar {
  private static final String MAX_NUMBER = "9007199254740991";

  private final String text;
  private final boolean preReleases;
  private int at;

  private RangeGrammar(String text, boolean preReleases) {
    this.text = text;
    this.preReleases = preReleases;
  }

  /** A version of which trailing parts may be missing or wildcards. */
  private record Partial(
      @Nullable String major, @Nullable String minor, @Nullable String patch, String preRelease) {
    boolean isAny() {
      return major == null;
    }

    boolean isFull() {
      return patch != null;
    }

    private static String zero(@Nullable String part) {
      return part == null ? "0" : part;
    }

    Version low(boolean preReleases) {
      String suffix = preReleases && !isFull() ? "0" : preRelease;
      return Version.of(zero(major), zero(minor), zero(patch), suffix);
    }

    /** Whether nothing lies below it: {@code 0}, {@code 0.0.x}. */
    boolean isLeast() {
      return !isFull() && zero(major).equals("0") && zero(minor).equals("0");
    }
  }

  static VersionRange parse(String text, boolean preReleases) throws VersionException {
    requireLength(text);
    return new RangeGrammar(text, preReleases).alternatives();
  }

  private static void requireLength(String text) throws VersionException {
    if (text.length() > VersionRange.MAX_LENGTH) {
      throw new VersionException(
          "expected a range of at most "
              + VersionRange.MAX_LENGTH
              + " characters, found "
              + text.length());
    }
  }

  private VersionRange alternatives() throws VersionException {
    List<List<Interval>> comparators = new ArrayList<>();
    List<Interval> union = new ArrayList<>();
    do {
      Conjunction conjunction = conjunction();
      comparators.add(conjunction.comparators);
      union.addAll(conjunction.intervals());
    } while (skip("||"));
    Semver4jReading.requireAgreement(text, comparators);
    return VersionRange.of(union);
  }

  /** Comparators that must all hold, and points left out. */
  private static final class Conjunction {
    private final List<Interval> comparators = new ArrayList<>();
    private final List<Version> excluded = new ArrayList<>();

    List<Interval> intervals() {
      Interval all = Interval.ALL;
      for (Interval comparator : comparators) {
        all = all.intersect(comparator);
      }
      List<Interval> parts = new ArrayList<>();
      excluded.sort(null);
      for (Version point : excluded) {
        parts.add(all.intersect(Interval.below(point, false)));
        all = all.intersect(Interval.above(point, false));
      }
      parts.add(all);
      return parts;
    }
  }

  private Conjunction conjunction() throws VersionException {
    Conjunction conjunction = new Conjunction();
    space();
    while (at < text.length() && !text.startsWith("||", at)) {
      comparator(conjunction);
      boolean comma = comma();
      if (comma && (at >= text.length() || text.startsWith("||", at))) {
        throw fault("expected a comparator after the comma");
      }
    }
    return conjunction;
  }

  private boolean comma() {
    space();
    boolean found = skip(",");
    space();
    return found;
  }

  private void comparator(Conjunction conjunction) throws VersionException {
    int start = at;
    if (skip("!=")) {
      space();
      Partial point = partial();
      if (!point.isFull()) {
        at = start;
        throw fault("expected a whole version after !=");
      }
      conjunction.excluded.add(point.low(false));
      return;
    }
    String operator = operator();
    space();
    Partial partial = partial();
    Partial upper = operator.isEmpty() ? hyphen() : null;
    if (upper == null) {
      conjunction.comparators.addAll(expand(operator, partial));
    } else {
      conjunction.comparators.addAll(hyphen(partial, upper));
    }
    if (at < text.length() && !isSeparator(text.charAt(at)) && !isOperator(text.charAt(at))) {
      throw fault("expected the end of a version");
    }
  }

  private String operator() {
    for (String operator : List.of(">=", "<=", "~>", ">", "<", "=", "^", "~")) {
      if (skip(operator)) {
        return operator;
      }
    }
    return "";
  }

  private @Nullable Partial hyphen() throws VersionException {
    int end = at;
    space();
    if (at > end
        && at + 1 < text.length()
        && text.charAt(at) == '-'
        && isSpace(text.charAt(at + 1))) {
      at++;
      space();
      return partial();
    }
    at = end;
    return null;
  }

  private Partial partial() throws VersionException {
    if (at < text.length() && text.charAt(at) == 'v') {
      at++;
    }
    int start = at;
    String major = part(true);
    String minor = null;
    String patch = null;
    String preRelease = "";
    if (skip(".")) {
      minor = part(major != null);
      if (skip(".")) {
        patch = part(minor != null);
        preRelease = suffix('-');
      }
    }
    String version = text.substring(start, at);
    if (patch != null && Version.tryParse(version) == null) {
      at = start;
      throw fault("expected a version");
    }
    if (at < text.length() && text.charAt(at) == '+' && suffix('+').isEmpty()) {
      throw fault("expected build metadata");
    }
    return new Partial(major, minor, patch, patch == null ? "" : preRelease);
  }

  /**
   * A number, or null for a wildcard.
   *
   * @param numbers whether a number may stand here: after a wildcard only wildcards do
   */
  private @Nullable String part(boolean numbers) throws VersionException {
    if (skip("*") || skip("x") || skip("X")) {
      return null;
    }
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    String number = text.substring(start, at);
    boolean leadingZero = number.length() > 1 && number.charAt(0) == '0';
    if (!numbers || number.isEmpty() || leadingZero) {
      at = start;
      throw fault(numbers ? "expected a number or a wildcard" : "expected a wildcard");
    }
    return bounded(number);
  }

  /** Numbers of ranges are at most 2^53 − 1, as node-semver's fixtures ask. */
  private static String bounded(String number) throws VersionException {
    boolean small =
        number.length() < MAX_NUMBER.length()
            || (number.length() == MAX_NUMBER.length() && number.compareTo(MAX_NUMBER) <= 0);
    if (!small) {
      throw new VersionException(
          "expected a number of at most " + MAX_NUMBER + " in a range, found " + number);
    }
    return number;
  }

  private String suffix(char mark) {
    if (at >= text.length() || text.charAt(at) != mark) {
      return "";
    }
    int start = ++at;
    while (at < text.length() && isIdentifier(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  /** {@code low - high}; with pre-releases on, those of both ends belong to it. */
  private List<Interval> hyphen(Partial low, Partial high) throws VersionException {
    List<Interval> comparators = new ArrayList<>();
    if (preReleases && low.isFull() && low.preRelease().isEmpty()) {
      comparators.add(Interval.above(first(low.low(false), true), true));
    } else {
      comparators.addAll(expand(">=", low));
    }
    if (preReleases && high.isFull() && high.preRelease().isEmpty()) {
      Version top = high.low(false);
      comparators.add(
          Interval.below(Version.of(top.major(), top.minor(), increment(top.patch()), "0"), false));
    } else {
      comparators.addAll(expand("<=", high));
    }
    return comparators;
  }

  private List<Interval> expand(String operator, Partial p) throws VersionException {
    if (p.isAny()) {
      return operator.equals("<") || operator.equals(">")
          ? List.of(Interval.below(Version.of("0", "0", "0", "0"), false))
          : List.of();
    }
    Version low = p.low(preReleases);
    return switch (operator) {
      case ">=" -> atLeast(p);
      case ">" ->
          List.of(
              p.isFull()
                  ? Interval.above(low, false)
                  : Interval.above(first(next(p), preReleases), true));
      case "<" -> List.of(Interval.below(p.isFull() ? low : first(p.low(false), true), false));
      case "<=" ->
          List.of(p.isFull() ? Interval.below(low, true) : Interval.below(ceiling(p), false));
      case "^" -> between(p, caretCeiling(p));
      case "~", "~>" -> between(p, tildeCeiling(p));
      default -> p.isFull() ? List.of(Interval.exactly(low)) : between(p, ceiling(p));
    };
  }

  private List<Interval> atLeast(Partial p) {
    return p.isAny() || p.isLeast() ? List.of() : List.of(Interval.above(p.low(preReleases), true));
  }

  private List<Interval> between(Partial p, Version ceiling) {
    List<Interval> comparators = new ArrayList<>(atLeast(p));
    comparators.add(Interval.below(ceiling, false));
    return comparators;
  }

  /**
   * {@code ^version} as one interval.
   *
   * @throws IllegalArgumentException if a number of the version is too large for a range
   */
  static Interval caret(Version version) {
    Partial p =
        new Partial(version.major(), version.minor(), version.patch(), version.preRelease());
    try {
      return new Interval(p.low(false), true, caretCeiling(p), false);
    } catch (VersionException e) {
      throw new IllegalArgumentException("no caret range of " + version, e);
    }
  }

  private static Version caretCeiling(Partial p) throws VersionException {
    String major = Partial.zero(p.major());
    if (!major.equals("0") || p.minor() == null) {
      return Version.of(increment(major), "0", "0", "0");
    }
    if (!p.minor().equals("0") || p.patch() == null) {
      return Version.of("0", increment(p.minor()), "0", "0");
    }
    return Version.of("0", "0", increment(p.patch()), "0");
  }

  private static Version tildeCeiling(Partial p) throws VersionException {
    String major = Partial.zero(p.major());
    return p.minor() == null
        ? Version.of(increment(major), "0", "0", "0")
        : Version.of(major, increment(p.minor()), "0", "0");
  }

  /** The first version after those a partial stands for, in its lowest pre-release. */
  private static Version ceiling(Partial p) throws VersionException {
    return first(next(p), true);
  }

  private static Version next(Partial p) throws VersionException {
    String major = Partial.zero(p.major());
    return p.minor() == null
        ? Version.of(increment(major), "0", "0", "")
        : Version.of(major, increment(p.minor()), "0", "");
  }

  private static Version first(Version release, boolean preRelease) {
    return preRelease
        ? Version.of(release.major(), release.minor(), release.patch(), "0")
        : release;
  }

  /** The decimal number plus one. */
  private static String increment(String number) throws VersionException {
    return bounded(String.valueOf(Long.parseLong(bounded(number)) + 1));
  }

  static VersionRange parseWritten(String text, UnaryOperator<Version> shared)
      throws VersionException {
    requireLength(text);
    if (text.equals("none")) {
      return VersionRange.NONE;
    }
    List<Interval> union = new ArrayList<>();
    int start = 0;
    while (start <= text.length()) {
      int or = text.indexOf(" || ", start);
      int end = or < 0 ? text.length() : or;
      union.add(writtenConjunction(text, start, end, shared));
      start = or < 0 ? text.length() + 1 : or + 4;
    }
    return VersionRange.of(union);
  }

  private static Interval writtenConjunction(
      String text, int start, int end, UnaryOperator<Version> shared) throws VersionException {
    Interval all = Interval.ALL;
    int i = start;
    do {
      int blank = text.indexOf(' ', i);
      int stop = blank < 0 || blank > end ? end : blank;
      all = all.intersect(writtenComparator(text, i, stop, shared));
      i = stop + 1;
    } while (i <= end);
    return all;
  }

  private static Interval writtenComparator(
      String text, int start, int end, UnaryOperator<Version> shared) throws VersionException {
    String word = text.substring(start, end);
    if (word.equals("*")) {
      return Interval.ALL;
    }
    int length = word.startsWith(">=") || word.startsWith("<=") ? 2 : 1;
    Version version = word.length() <= length ? null : Version.tryParse(word.substring(length));
    if (version != null) {
      version = shared.apply(version);
      switch (word.substring(0, length)) {
        case ">=":
          return Interval.above(version, true);
        case ">":
          return Interval.above(version, false);
        case "<=":
          return Interval.below(version, true);
        case "<":
          return Interval.below(version, false);
        case "=":
          return Interval.exactly(version);
        default:
          break;
      }
    }
    throw new VersionException(
        "expected a range such as >=1.0.0 <2.0.0-0 || =3.1.4, found "
            + VersionException.quote(text)
            + " at character "
            + (start + 1));
  }

  private boolean skip(String token) {
    if (text.startsWith(token, at)) {
      at += token.length();
      return true;
    }
    return false;
  }

  private void space() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isSeparator(char c) {
    return isSpace(c) || c == ',' || c == '|';
  }

  private static boolean isOperator(char c) {
    return "<>=^~!".indexOf(c) >= 0;
  }

  private static boolean isIdentifier(char c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '.';
  }

  private VersionException fault(String expected) {
    String found = at >= text.length() ? "the end" : VersionException.quote(text.substring(at));
    return new VersionException(
        "not a range: "
            + VersionException.quote(text)
            + ": "
            + expected
            + " at character "
            + (at + 1)
            + ", found "
            + found);
  }
}
