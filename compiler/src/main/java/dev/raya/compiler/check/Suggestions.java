package dev.raya.compiler.check;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names similar to a misspelt one. */
final class Suggestions {
  private static final int MAX_LENGTH = 60;

  private Suggestions() {}

  /** {@code ; did you mean 'x'?}, or nothing. */
  static String didYouMean(String name, Collection<String> known) {
    String best = nearest(name, known);
    return best == null ? "" : "; did you mean '" + best + "'?";
  }

  static @Nullable String nearest(String name, Collection<String> known) {
    if (name.length() > MAX_LENGTH) {
      return null;
    }
    String best = null;
    int limit = name.length() <= 4 ? 1 : name.length() <= 8 ? 2 : 3;
    int bestDistance = limit + 1;
    for (String candidate : known) {
      if (candidate.equals(name) || Math.abs(candidate.length() - name.length()) > limit) {
        continue;
      }
      int d = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (d < bestDistance || d == bestDistance && best != null && candidate.compareTo(best) < 0) {
        best = candidate;
        bestDistance = d;
      }
    }
    return best;
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        row[j] =
            Math.min(
                Math.min(row[j] + 1, row[j - 1] + 1),
                diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
