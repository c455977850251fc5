package dev.raya.resolver.solve;

import java.util.Arrays;
import java.util.BitSet;

/**
 * A set of ranks: positions in a package's ascending list of candidates. Immutable. Its size is
 * that of the package's universe, so that sets of one package compare word by word.
 */
final class RankSet {
  private final long[] words;

  private RankSet(long[] words) {
    this.words = words;
  }

  static RankSet empty(int universe) {
    return new RankSet(new long[(universe + 63) >>> 6]);
  }

  static RankSet full(int universe) {
    long[] words = new long[(universe + 63) >>> 6];
    Arrays.fill(words, -1L);
    if ((universe & 63) != 0) {
      words[words.length - 1] = (1L << universe) - 1;
    }
    return new RankSet(words);
  }

  static RankSet of(int universe, int rank) {
    RankSet set = empty(universe);
    set.words[rank >>> 6] = 1L << rank;
    return set;
  }

  static RankSet of(int universe, BitSet ranks) {
    RankSet set = empty(universe);
    long[] words = ranks.toLongArray();
    System.arraycopy(words, 0, set.words, 0, words.length);
    return set;
  }

  /** Collects ranks; the one place where a set grows. */
  static final class Builder {
    private final long[] words;

    Builder(int universe) {
      words = new long[(universe + 63) >>> 6];
    }

    void add(int rank) {
      words[rank >>> 6] |= 1L << rank;
    }

    RankSet build() {
      return new RankSet(words.clone());
    }
  }

  boolean contains(int rank) {
    return (words[rank >>> 6] & 1L << rank) != 0;
  }

  boolean isEmpty() {
    for (long word : words) {
      if (word != 0) {
        return false;
      }
    }
    return true;
  }

  RankSet and(RankSet other) {
    long[] result = words.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] &= other.words[i];
    }
    return new RankSet(result);
  }

  RankSet minus(RankSet other) {
    long[] result = words.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] &= ~other.words[i];
    }
    return new RankSet(result);
  }

  /** The lowest rank, or −1 if there is none. */
  int lowest() {
    for (int i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        return (i << 6) + Long.numberOfTrailingZeros(words[i]);
      }
    }
    return -1;
  }

  /** The lowest rank from a rank on, or −1 if there is none. */
  int next(int from) {
    int word = from >>> 6;
    if (word >= words.length) {
      return -1;
    }
    long rest = words[word] & -1L << from;
    while (rest == 0) {
      if (++word == words.length) {
        return -1;
      }
      rest = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(rest);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RankSet set && Arrays.equals(words, set.words);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(words);
  }
}
