package dev.raya.resolver.manifest;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what somebody probably meant to write. */
public final class Spelling {
  private static final int MAX_LENGTH = 128;

  /** Shorter beginnings say too little. */
  private static final int MIN_BEGINNING = 3;

  private Spelling() {}

  /**
   * The known word nearest to {@code word}: at most a third of its letters, and at least one, may
   * be changed, added, left out or swapped with their neighbour; else the nearest of which it is
   * the beginning, or which is its beginning. Null where there is none; the first in alphabetical
   * order where several are equally near.
   */
  public static @Nullable String nearest(String word, Collection<String> known) {
    int best = Math.max(1, Math.min(3, word.length() / 3)) + 1;
    String nearest = null;
    int bestOfBegun = MAX_LENGTH;
    String begun = null;
    for (String candidate : known.stream().sorted().toList()) {
      int distance = distance(word, candidate);
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
      if (distance < bestOfBegun && begins(word, candidate)) {
        bestOfBegun = distance;
        begun = candidate;
      }
    }
    return nearest != null ? nearest : begun;
  }

  private static boolean begins(String word, String candidate) {
    return Math.min(word.length(), candidate.length()) >= MIN_BEGINNING
        && (candidate.startsWith(word) || word.startsWith(candidate));
  }

  /** Optimal string alignment distance; a large number for long words. */
  static int distance(String a, String b) {
    if (a.length() > MAX_LENGTH || b.length() > MAX_LENGTH) {
      return Integer.MAX_VALUE;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(int[][] d, String a, String b, int i, int j) {
    int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int least = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, d[i - 2][j - 2] + 1) : least;
  }
}
