package dev.raya.resolver.solve;

import java.util.Arrays;

/**
 * For each set whose clause is not written out one of its ranks, its support: as long as that is
 * not false, some rank of the set may be chosen. A rank knows the sets it supports as a list that
 * runs through the sets' variables. A part of the {@link Kernel}, whose state it reads.
 */
final class Supports {
  private static final int NONE = -1;

  private final Kernel kernel;
  private int[] first = {};
  private int[] next = {};

  /** Sets that have a clause, and need no support. */
  private boolean[] written = {};

  Supports(Kernel kernel) {
    this.kernel = kernel;
  }

  void grow(int variables) {
    if (variables > first.length) {
      int old = first.length;
      int capacity = Math.max(variables, old * 2);
      first = Arrays.copyOf(first, capacity);
      next = Arrays.copyOf(next, capacity);
      written = Arrays.copyOf(written, capacity);
      Arrays.fill(first, old, capacity, NONE);
    }
  }

  /** Finds the first support of a set, or makes it false. */
  void begin(int v) {
    int d = kernel.domains.domain[v];
    RankSet ranks = kernel.domains.sets[v];
    int rank = possibleRank(d, ranks, 0);
    if (rank < 0) {
      rank = lastExcluded(d, ranks);
      kernel.assign(v * 2 + 1, Kernel.EMPTIED, kernel.level[kernel.domains.base[d] + rank]);
    }
    add(kernel.domains.base[d] + rank, v);
  }

  private void add(int rank, int set) {
    next[set] = first[rank];
    first[rank] = set;
  }

  private int take(int rank) {
    int set = first[rank];
    first[rank] = NONE;
    return set;
  }

  /** A rank of a set that is not false, looked for from a rank on and around; −1 if all are. */
  private int possibleRank(int d, RankSet ranks, int from) {
    int lowest = ranks.lowest();
    int start = Math.max(lowest, from);
    int rank = possibleRank(d, ranks, start, ranks.highest() + 1);
    return rank >= 0 ? rank : possibleRank(d, ranks, lowest, Math.min(start, ranks.highest() + 1));
  }

  /** The same from one rank up to another. */
  private int possibleRank(int d, RankSet ranks, int from, int to) {
    int base = kernel.domains.base[d] * 2;
    boolean gaps = !ranks.isInterval();
    for (int rank = from; rank < to; rank++) {
      if (kernel.value[base + 2 * rank] >= 0 && (!gaps || ranks.contains(rank))) {
        return rank;
      }
    }
    return -1;
  }

  /** Of a set all of whose ranks are false one of the latest level. */
  private int lastExcluded(int d, RankSet ranks) {
    int base = kernel.domains.base[d];
    int last = ranks.lowest();
    for (int rank = last; rank >= 0; rank = ranks.next(rank + 1)) {
      if (kernel.level[base + rank] > kernel.level[base + last]) {
        last = rank;
      }
    }
    return last;
  }

  /** Looks at the sets that a rank supported which has become false. */
  void drop(int v, int at) {
    int d = kernel.domains.domain[v];
    int following;
    for (int set = take(v); set != NONE; set = following) {
      following = next[set];
      if (written[set]) {
        continue;
      }
      if (kernel.value[set * 2] != 0) {
        add(v, set);
        continue;
      }
      RankSet ranks = kernel.domains.sets[set];
      int rank = possibleRank(d, ranks, kernel.domains.rank[v] + 1);
      if (rank >= 0) {
        add(kernel.domains.base[d] + rank, set);
        continue;
      }
      add(v, set);
      int since =
          at == kernel.level() ? at : kernel.level[kernel.domains.base[d] + lastExcluded(d, ranks)];
      kernel.assign(set * 2 + 1, Kernel.EMPTIED, since);
    }
  }

  /** Writes out that a set holds only if one of its ranks does, once it is true. */
  void write(int v) {
    if (written[v]) {
      return;
    }
    written[v] = true;
    int d = kernel.domains.domain[v];
    int count = 1;
    int[] literals = kernel.room(kernel.domains.size[d] + 1);
    literals[0] = v * 2 + 1;
    RankSet ranks = kernel.domains.sets[v];
    for (int rank = ranks.lowest(); rank >= 0; rank = ranks.next(rank + 1)) {
      literals[count++] = kernel.rankLiteral(d, rank);
    }
    kernel.addClause(literals, count, Clauses.STRUCTURE);
  }
}
