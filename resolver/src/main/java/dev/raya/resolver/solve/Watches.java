package dev.raya.resolver.solve;

import java.util.Arrays;
import java.util.BitSet;

/**
 * For each literal the clauses that watch it, each with a blocker: another of its literals, and the
 * clause is only looked at if that is not true. Of a clause with two literals the blocker is the
 * other one; its place is stored inverted, so that the clause itself need not be read.
 */
final class Watches {
  private static final int[] NONE = {};

  int[][] lists = new int[128][];
  int[] sizes = new int[128];

  void grow(int literals) {
    if (literals > lists.length) {
      int capacity = Math.max(literals, lists.length * 2);
      lists = Arrays.copyOf(lists, capacity);
      sizes = Arrays.copyOf(sizes, capacity);
    }
  }

  void open(int literal) {
    lists[literal] = NONE;
    sizes[literal] = 0;
  }

  void add(int literal, int place, int blocker) {
    int[] list = lists[literal];
    int size = sizes[literal];
    if (size + 2 > list.length) {
      list = Arrays.copyOf(list, Math.max(4, list.length * 2));
      lists[literal] = list;
    }
    list[size] = place;
    list[size + 1] = blocker;
    sizes[literal] = size + 2;
  }

  /** Follows clauses to their new places and forgets the deleted ones. */
  void move(int literals, Clauses.Moved moved, BitSet deleted) {
    for (int literal = 0; literal < literals; literal++) {
      int[] list = lists[literal];
      int size = sizes[literal];
      int to = 0;
      for (int i = 0; i < size; i += 2) {
        int place = list[i];
        if (place < 0) {
          list[to++] = ~moved.place(~place);
          list[to++] = list[i + 1];
        } else if (!deleted.get(place)) {
          list[to++] = moved.place(place);
          list[to++] = list[i + 1];
        }
      }
      sizes[literal] = to;
    }
  }
}
