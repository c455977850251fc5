package dev.raya.tuf.client;

/**
 * Patterns of delegated paths: {@code *} and {@code ?} within a segment, and {@code [...]} and
 * {@code [!...]} as in Unix file names (specification, section 4.5, PATHPATTERN). Takes time
 * proportional to pattern × path at most.
 */
final class PathPattern {
  private PathPattern() {}

  /** Whether a target path matches; case counts. */
  static boolean matches(String pattern, String path) {
    String[] patterns = pattern.split("/", -1);
    String[] segments = path.split("/", -1);
    if (patterns.length != segments.length) {
      return false;
    }
    for (int i = 0; i < patterns.length; i++) {
      if (!segmentMatches(patterns[i], segments[i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean segmentMatches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        // The shortest match first; only the last star ever has to take more.
        star = p++;
        resume = t;
        continue;
      }
      int next = p < pattern.length() ? afterOne(pattern, p, text.charAt(t)) : -1;
      if (next >= 0) {
        p = next;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Where the pattern goes on if the element at {@code p} takes {@code c}; negative if not. */
  private static int afterOne(String pattern, int p, char c) {
    char element = pattern.charAt(p);
    if (element == '?') {
      return p + 1;
    }
    if (element == '[') {
      boolean negated = p + 1 < pattern.length() && pattern.charAt(p + 1) == '!';
      int first = negated ? p + 2 : p + 1;
      // A bracket that comes first is a member of the set.
      int end = pattern.indexOf(']', first + 1);
      if (end > 0) {
        return contains(pattern, first, end, c) != negated ? end + 1 : -1;
      }
    }
    return element == c ? p + 1 : -1;
  }

  private static boolean contains(String pattern, int first, int end, char c) {
    for (int i = first; i < end; i++) {
      if (i + 2 < end && pattern.charAt(i + 1) == '-') {
        if (pattern.charAt(i) <= c && c <= pattern.charAt(i + 2)) {
          return true;
        }
        i += 2;
      } else if (pattern.charAt(i) == c) {
        return true;
      }
    }
    return false;
  }
}
