package dev.raya.resolver.solve;

import java.util.Arrays;

/**
 * Clauses in one arena of ints. A clause is known by where it begins: three words of header (size
 * and marks; its number in the proof; literal-block distance) and its literals, the first two of
 * which are watched. A literal is twice its variable, plus one if it is negated.
 */
final class Clauses {
  /** Number of a clause that only says what the variables mean. */
  static final int STRUCTURE = -1;

  private static final int HEADER = 3;
  private static final int LEARNT = 1;
  private static final int DELETED = 2;
  private static final int USED = 4;
  private static final int SIZE_SHIFT = 3;

  int[] words = new int[1024];
  private int size;
  private int wasted;

  /**
   * Adds a clause.
   *
   * @param number its number in the proof, or {@link #STRUCTURE}
   * @param distance literal-block distance of a learnt clause, else 0
   */
  int add(int[] literals, int count, int number, boolean learnt, int distance) {
    if (size + HEADER + count > words.length) {
      words = Arrays.copyOf(words, Math.max(words.length * 2, size + HEADER + count));
    }
    int clause = size;
    words[clause] = count << SIZE_SHIFT | (learnt ? LEARNT : 0);
    words[clause + 1] = number;
    words[clause + 2] = distance;
    System.arraycopy(literals, 0, words, clause + HEADER, count);
    size += HEADER + count;
    return clause;
  }

  int size(int clause) {
    return words[clause] >>> SIZE_SHIFT;
  }

  /** Where its first literal stands in {@link #words}. */
  static int literals(int clause) {
    return clause + HEADER;
  }

  int number(int clause) {
    return words[clause + 1];
  }

  int distance(int clause) {
    return words[clause + 2];
  }

  boolean isLearnt(int clause) {
    return (words[clause] & LEARNT) != 0;
  }

  /** Notes that a learnt clause took part in a conflict, and over how many levels it spans now. */
  void use(int clause, int distance) {
    words[clause] |= USED;
    words[clause + 2] = Math.min(words[clause + 2], distance);
  }

  /** Whether it took part in a conflict since this was last asked. */
  boolean wasUsed(int clause) {
    boolean used = (words[clause] & USED) != 0;
    words[clause] &= ~USED;
    return used;
  }

  boolean isDeleted(int clause) {
    return (words[clause] & DELETED) != 0;
  }

  void delete(int clause) {
    words[clause] |= DELETED;
    wasted += HEADER + size(clause);
  }

  /**
   * Copies what is not deleted to the front of a new arena; the old place of each clause then holds
   * its new one, see {@link Moved#place}.
   */
  Moved compact() {
    int[] old = words;
    int end = size;
    words = new int[Math.max(1024, (size - wasted) * 2)];
    size = 0;
    wasted = 0;
    for (int at = 0; at < end; ) {
      int length = HEADER + (old[at] >>> SIZE_SHIFT);
      if ((old[at] & DELETED) == 0) {
        System.arraycopy(old, at, words, size, length);
        old[at + 2] = size;
        size += length;
      }
      at += length;
    }
    return new Moved(old);
  }

  /** Where clauses went. */
  static final class Moved {
    private final int[] old;

    private Moved(int[] old) {
      this.old = old;
    }

    int place(int clause) {
      return old[clause + 2];
    }
  }
}
