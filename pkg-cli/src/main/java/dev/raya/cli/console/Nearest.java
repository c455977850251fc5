package dev.raya.cli.console;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the spellings nearest to a word, for "did you mean": fewest edits (insertion, deletion,
 * replacement, swap of neighbours), at most a third of the word's length, ties by text.
 */
public final class Nearest {
  private static final int LONGEST = 64;

  private Nearest() {}

  /** The nearest candidate, or null if none is near. */
  public static @Nullable String of(String word, Collection<String> candidates) {
    List<String> best = among(word, candidates, 1);
    return best.isEmpty() ? null : best.getFirst();
  }

  /** The nearest candidates, best first. */
  public static List<String> among(String word, Collection<String> candidates, int limit) {
    record Scored(String text, int distance) {}
    List<Scored> near = new ArrayList<>();
    if (word.length() > LONGEST) {
      return List.of();
    }
    int most = Math.max(1, (word.length() + 1) / 3);
    for (String candidate : candidates) {
      if (candidate.length() <= LONGEST) {
        int distance = distance(word, candidate);
        if (distance <= most || (word.length() >= 3 && candidate.startsWith(word))) {
          near.add(new Scored(candidate, Math.min(distance, most)));
        }
      }
    }
    near.sort(
        (a, b) ->
            a.distance() != b.distance()
                ? Integer.compare(a.distance(), b.distance())
                : a.text().compareTo(b.text()));
    List<String> result = new ArrayList<>();
    for (Scored each : near) {
      if (result.size() < limit && !result.contains(each.text())) {
        result.add(each.text());
      }
    }
    return result;
  }

  /** Optimal string alignment distance. */
  static int distance(String a, String b) {
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      rows[i][0] = i;
    }
    for (int j = 0; j <= b.length(); j++) {
      rows[0][j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      for (int j = 1; j <= b.length(); j++) {
        int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least =
            Math.min(
                Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1), rows[i - 1][j - 1] + replace);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, rows[i - 2][j - 2] + 1);
        }
        rows[i][j] = least;
      }
    }
    return rows[a.length()][b.length()];
  }
}
