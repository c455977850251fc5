package dev.raya.compiler.diagnostic;

import dev.raya.compiler.source.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * Names similar to a misspelt one, by the optimal string alignment distance (Levenshtein's with
 * neighbours that changed places), letters of either case alike.
 */
public final class Suggestions {
  private static final int MAX_LENGTH = 60;
  private static final int MAX_NAMES = 3;

  /** Shorter names are part of too many others. */
  private static final int LEAST_PART = 4;

  /** A name with its distance from the misspelt one. */
  private record Candidate(String name, int distance, int exactDistance) {}

  private Suggestions() {}

  /**
   * The known names nearest to a misspelt one: one, or several that are as near. Where none is
   * near, those that the name is the beginning of, or whole words of, and at least half of.
   */
  public static List<String> similar(String name, Collection<String> known) {
    if (name.isEmpty() || name.length() > MAX_LENGTH) {
      return List.of();
    }
    String lower = name.toLowerCase(Locale.ROOT);
    List<Candidate> found = new ArrayList<>();
    for (String candidate : new LinkedHashSet<>(known)) {
      int limit = limit(name, candidate);
      if (candidate.equals(name) || Math.abs(candidate.length() - name.length()) > limit) {
        continue;
      }
      int distance = distance(lower, candidate.toLowerCase(Locale.ROOT));
      if (distance <= limit) {
        found.add(new Candidate(candidate, distance, distance(name, candidate)));
      }
    }
    if (found.isEmpty()) {
      for (String candidate : new LinkedHashSet<>(known)) {
        if (isPart(name, candidate)) {
          // None is nearer than the others: how much is missing says little.
          found.add(new Candidate(candidate, 0, candidate.length() - name.length()));
        }
      }
    }
    found.sort(
        Comparator.comparingInt(Candidate::distance)
            .thenComparingInt(Candidate::exactDistance)
            .thenComparing(Candidate::name));
    // Farther ones are no choice beside the nearest, nor are those that differ from it in case.
    return found.stream()
        .filter(
            c ->
                c.distance() == found.getFirst().distance()
                    && (c == found.getFirst()
                        || !c.name().equalsIgnoreCase(found.getFirst().name())))
        .limit(MAX_NAMES)
        .map(Candidate::name)
        .toList();
  }

  /** Whether {@code readText} or {@code textFile} is meant to be {@code readTextFile}. */
  private static boolean isPart(String name, String candidate) {
    if (name.length() < LEAST_PART || 2 * name.length() < candidate.length()) {
      return false;
    }
    int last = candidate.length() - name.length();
    for (int at = 0; at <= last; at++) {
      if (candidate.regionMatches(true, at, name, 0, name.length())
          && (at == 0 || wordBegins(candidate, at) && wordBegins(candidate, at + name.length()))) {
        return last > 0;
      }
    }
    return false;
  }

  private static boolean wordBegins(String name, int at) {
    return at == name.length()
        || Character.isUpperCase(name.charAt(at))
        || !Character.isLetterOrDigit(name.charAt(at - 1));
  }

  /** {@code ; did you mean 'x'?}, or nothing. */
  public static String didYouMean(List<String> similar) {
    return similar.isEmpty() ? "" : "; did you mean '" + similar.getFirst() + "'?";
  }

  /** The edit that puts a name in the place of another. */
  public static Diagnostic.Fix replace(Span span, String name) {
    return new Diagnostic.Fix(span, name, "write '" + name + "'");
  }

  /** How many edits may lie between two names; of two letters one may be too many or missing. */
  private static int limit(String name, String candidate) {
    int shorter = Math.min(name.length(), candidate.length());
    int longer = Math.max(name.length(), candidate.length());
    if (shorter < 2 || longer == 2) {
      return 0;
    }
    return longer <= 5 ? 1 : longer <= 8 ? 2 : 3;
  }

  private static int distance(String a, String b) {
    int[] before = new int[b.length() + 1];
    int[] above = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int best = Math.min(above[j], row[j - 1]) + 1;
        best = Math.min(best, above[j - 1] + (same ? 0 : 1));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          best = Math.min(best, before[j - 2] + 1);
        }
        row[j] = best;
      }
      int[] free = before;
      before = above;
      above = row;
      row = free;
    }
    return above[b.length()];
  }
}
