package dev.raya.resolver.manifest;

/** A pattern of {@code [workspace] members}: names between slashes, {@code *} inside a name. */
final class MemberPattern {
  private MemberPattern() {}

  static boolean matches(String pattern, String folder) {
    String[] patterns = trimmed(pattern).split("/", -1);
    String[] names = folder.split("/", -1);
    if (patterns.length != names.length) {
      return false;
    }
    for (int i = 0; i < names.length; i++) {
      if (!matchesName(patterns[i], names[i])) {
        return false;
      }
    }
    return true;
  }

  private static String trimmed(String pattern) {
    String start = pattern.startsWith("./") ? pattern.substring(2) : pattern;
    return start.endsWith("/") ? start.substring(0, start.length() - 1) : start;
  }

  /** Greedy with one point to come back to: linear in practice, quadratic at worst. */
  private static boolean matchesName(String pattern, String name) {
    int p = 0;
    int star = -1;
    int resume = 0;
    int n = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
