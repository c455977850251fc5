package dev.raya.resolver.solve;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A set of ranks: positions in a package's ascending list of candidates. Immutable. What a range
 * matches nearly always is one interval, and then nothing but its two ends is kept; only a set with
 * gaps has a bit for each rank between its ends. Equal sets are kept alike.
 */
final class RankSet {
  private static final RankSet EMPTY = new RankSet(0, -1, null);

  private final int first;
  private final int last;

  /** Bits from the word of {@code first} to that of {@code last}; null if there are no gaps. */
  private final long @Nullable [] words;

  private RankSet(int first, int last, long @Nullable [] words) {
    this.first = first;
    this.last = last;
    this.words = words;
  }

  static RankSet empty() {
    return EMPTY;
  }

  static RankSet full(int universe) {
    return interval(0, universe - 1);
  }

  static RankSet of(int rank) {
    return new RankSet(rank, rank, null);
  }

  static RankSet of(BitSet ranks) {
    int first = ranks.nextSetBit(0);
    if (first < 0) {
      return EMPTY;
    }
    int last = ranks.length() - 1;
    if (ranks.nextClearBit(first) > last) {
      return new RankSet(first, last, null);
    }
    long[] words = ranks.toLongArray();
    return new RankSet(first, last, Arrays.copyOfRange(words, first >>> 6, words.length));
  }

  private static RankSet interval(int first, int last) {
    return first > last ? EMPTY : new RankSet(first, last, null);
  }

  /** Collects ranks in ascending order; the one place where a set grows. */
  static final class Builder {
    private int first;
    private int last = -1;
    private @Nullable BitSet gapped;

    void add(int rank) {
      if (last < 0) {
        first = rank;
      } else if (gapped == null && rank > last + 1) {
        gapped = new BitSet();
        gapped.set(first, last + 1);
      }
      if (gapped != null) {
        gapped.set(rank);
      }
      last = rank;
    }

    RankSet build() {
      return gapped == null ? interval(first, last) : RankSet.of(gapped);
    }
  }

  boolean contains(int rank) {
    return rank >= first
        && rank <= last
        && (words == null || (words[(rank >>> 6) - (first >>> 6)] & 1L << rank) != 0);
  }

  boolean isEmpty() {
    return last < 0;
  }

  /** Whether it holds every rank between its ends. */
  boolean isInterval() {
    return words == null;
  }

  RankSet and(RankSet other) {
    if (words == null && other.words == null) {
      return interval(Math.max(first, other.first), Math.min(last, other.last));
    }
    return keep(other, true);
  }

  RankSet minus(RankSet other) {
    return keep(other, false);
  }

  private RankSet keep(RankSet other, boolean inside) {
    Builder kept = new Builder();
    for (int rank = lowest(); rank >= 0; rank = next(rank + 1)) {
      if (other.contains(rank) == inside) {
        kept.add(rank);
      }
    }
    return kept.build();
  }

  /** The lowest rank, or −1 if there is none. */
  int lowest() {
    return last < 0 ? -1 : first;
  }

  /** The highest rank, or −1 if there is none. */
  int highest() {
    return last;
  }

  /** The lowest rank from a rank on, or −1 if there is none. */
  int next(int from) {
    if (from > last) {
      return -1;
    }
    if (from <= first) {
      return first;
    }
    if (words == null) {
      return from;
    }
    int word = (from >>> 6) - (first >>> 6);
    long rest = words[word] & -1L << from;
    while (rest == 0) {
      rest = words[++word];
    }
    return ((word + (first >>> 6)) << 6) + Long.numberOfTrailingZeros(rest);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RankSet set
        && first == set.first
        && last == set.last
        && Arrays.equals(words, set.words);
  }

  @Override
  public int hashCode() {
    return (first * 0x9E3779B1 + last) * 0x85EBCA6B + Arrays.hashCode(words);
  }
}
