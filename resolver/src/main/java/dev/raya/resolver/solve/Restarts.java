package dev.raya.resolver.solve;

/**
 * When to start a search over: as soon as what is learnt of late spans clearly more levels than
 * what was learnt so far, since then the search is in a part of the problem where it learns little
 * (Audemard and Simon, Glucose, 2009; with moving averages as Biere and Fröhlich, 2015).
 */
final class Restarts {
  /** Fewest conflicts between two restarts. */
  private static final int LEAST = 5;

  private static final double LATE_WEIGHT = 1.0 / 32;
  private static final double MOST_WEIGHT = 1.0 / 8192;

  /** How much of the late average may be more than the whole one. */
  private static final double MARGIN = 0.8;

  /** Makes the whole average begin low, so that at first the search often starts over. */
  private static final int EARLY = 100;

  private double late;
  private double all;
  private long conflicts;
  private int since;

  /**
   * Counts a conflict.
   *
   * @param distance how many levels the clause learnt from it spans
   * @return whether it is time
   */
  boolean isTime(int distance) {
    conflicts++;
    since++;
    all += (distance - all) * Math.max(MOST_WEIGHT, 1.0 / (EARLY + conflicts));
    late += (distance - late) * LATE_WEIGHT;
    if (since < LEAST || late * MARGIN <= all) {
      return false;
    }
    late = all;
    since = 0;
    return true;
  }
}
