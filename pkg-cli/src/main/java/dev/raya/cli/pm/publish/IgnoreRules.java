package dev.raya.cli.pm.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Path patterns as {@code .gitignore} writes them, used for {@code .gitignore}, {@code .rayaignore}
 * and the manifest's {@code include}: {@code *} and {@code ?} stay within a component, {@code **}
 * crosses them, a leading or inner slash anchors, a trailing one means folders, {@code !} takes
 * back, and the last pattern that matches decides.
 */
public final class IgnoreRules {
  private static final int MAX_PATTERNS = 10_000;

  private final List<Rule> rules;

  private record Rule(Pattern pattern, boolean folderOnly, boolean takesBack) {}

  private IgnoreRules(List<Rule> rules) {
    this.rules = List.copyOf(rules);
  }

  /** Rules that match nothing. */
  public static IgnoreRules none() {
    return new IgnoreRules(List.of());
  }

  /**
   * Reads lines of patterns.
   *
   * @param lines one pattern a line; empty lines and those with a number sign are skipped
   * @param folder path of the folder that holds them, with trailing slash, or empty at the top
   */
  public static IgnoreRules of(List<String> lines, String folder) {
    List<Rule> rules = new ArrayList<>();
    for (String line : lines) {
      String text = stripTrailing(line);
      if (!text.isEmpty() && text.charAt(0) != '#' && rules.size() < MAX_PATTERNS) {
        rules.add(rule(text, folder));
      }
    }
    return new IgnoreRules(rules);
  }

  /** These rules, then those, which win. */
  public IgnoreRules then(IgnoreRules more) {
    List<Rule> all = new ArrayList<>(rules);
    all.addAll(more.rules);
    return new IgnoreRules(all);
  }

  /** Whether a path of this kind is matched, itself; its folders are not looked at. */
  public boolean matches(String path, boolean folder) {
    boolean matched = false;
    for (Rule rule : rules) {
      if (matched == rule.takesBack()
          && (folder || !rule.folderOnly())
          && rule.pattern().matcher(path).matches()) {
        matched = !rule.takesBack();
      }
    }
    return matched;
  }

  /** Whether a file is matched, or one of the folders it lies in. */
  public boolean covers(String path) {
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (matches(path.substring(0, slash), true)) {
        return true;
      }
    }
    return matches(path, false);
  }

  private static Rule rule(String line, String folder) {
    String text = line;
    boolean takesBack = text.startsWith("!");
    if (takesBack || text.startsWith("\\!") || text.startsWith("\\#")) {
      text = text.substring(1);
    }
    boolean folderOnly = text.endsWith("/");
    if (folderOnly) {
      text = text.substring(0, text.length() - 1);
    }
    boolean anchored = text.indexOf('/') >= 0;
    if (text.startsWith("/")) {
      text = text.substring(1);
    }
    StringBuilder regex = new StringBuilder(Pattern.quote(folder));
    if (!anchored) {
      regex.append("(?:.*/)?");
    }
    translate(text, regex);
    return new Rule(Pattern.compile(regex.toString()), folderOnly, takesBack);
  }

  private static void translate(String text, StringBuilder regex) {
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (text.startsWith("**/", at)) {
        regex.append("(?:.*/)?");
        at += 3;
      } else if (text.startsWith("**", at)) {
        regex.append(".*");
        at += 2;
      } else if (c == '*') {
        regex.append("[^/]*");
        at++;
      } else if (c == '?') {
        regex.append("[^/]");
        at++;
      } else if (c == '[' && text.indexOf(']', at + 2) > 0) {
        int end = text.indexOf(']', at + 2);
        String set = text.substring(at + 1, end).replace("\\", "\\\\").replace("[", "\\[");
        regex.append('[').append(set.startsWith("!") ? "^" + set.substring(1) : set).append(']');
        at = end + 1;
      } else if (c == '\\' && at + 1 < text.length()) {
        regex.append(Pattern.quote(text.substring(at + 1, at + 2)));
        at += 2;
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
        at++;
      }
    }
  }

  private static String stripTrailing(String line) {
    String text = line;
    while (text.endsWith(" ") && !text.endsWith("\\ ")) {
      text = text.substring(0, text.length() - 1);
    }
    return text;
  }
}
