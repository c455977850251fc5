package dev.raya.vm.regexp;

import java.util.List;
import java.util.Map;

/** A regular expression: pattern, flags, and the program that finds its matches. Immutable. */
public final class Regex {
  /** The flags; {@code g} concerns only replacing. */
  public record Flags(
      boolean global, boolean ignoreCase, boolean multiline, boolean dotAll, boolean unicode) {}

  private final String source;
  private final String flagText;
  private final Program program;
  private final Map<String, Integer> names;

  private Regex(String source, String flagText, Program program, Map<String, Integer> names) {
    this.source = source;
    this.flagText = flagText;
    this.program = program;
    this.names = names;
  }

  /**
   * Compiles a pattern.
   *
   * @throws RegexSyntaxException if pattern or flags are malformed
   */
  public static Regex compile(String source, String flags) throws RegexSyntaxException {
    for (int i = 0; i < flags.length(); i++) {
      char c = flags.charAt(i);
      if ("gimsu".indexOf(c) < 0 || flags.indexOf(c) != i) {
        throw new RegexSyntaxException(
            "invalid regular expression flags '" + flags + "' (each of g, i, m, s, u once)", i);
      }
    }
    Flags set =
        new Flags(
            flags.contains("g"),
            flags.contains("i"),
            flags.contains("m"),
            flags.contains("s"),
            flags.contains("u"));
    RegexParser parser = new RegexParser(source, set.unicode());
    Node tree = parser.parse();
    Program program = new RegexCompiler(parser.names()).compile(tree, parser.groups(), set);
    StringBuilder sorted = new StringBuilder();
    for (char c : List.of('g', 'i', 'm', 's', 'u')) {
      sorted.append(flags.indexOf(c) >= 0 ? String.valueOf(c) : "");
    }
    return new Regex(source, sorted.toString(), program, parser.names());
  }

  /** Returns the pattern. */
  public String source() {
    return source;
  }

  /** Returns the flags in alphabetical order. */
  public String flags() {
    return flagText;
  }

  /** Returns whether replacing takes every match. */
  public boolean global() {
    return program.flags().global();
  }

  /** Returns the numbers of the named groups, in order of the pattern. */
  public Map<String, Integer> names() {
    return names;
  }

  /** Starts to look for matches in a text. */
  public Matcher matcher(String text, Matcher.Work work) {
    return new Matcher(program, text, work);
  }
}
