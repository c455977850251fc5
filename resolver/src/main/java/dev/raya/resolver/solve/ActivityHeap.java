package dev.raya.resolver.solve;

import java.util.Arrays;

/**
 * Variables by decayed conflict activity (VSIDS; Moskewicz et al., 2001, in the exponential form of
 * MiniSat), the most active first, ties by the lower number. A binary heap over flat arrays.
 */
final class ActivityHeap {
  private static final double LIMIT = 1e100;
  private static final double GROWTH = 1 / 0.95;

  private double[] activity = new double[64];
  private int[] heap = new int[64];
  private int[] position = new int[64];
  private int size;
  private int count;
  private double bump = 1;

  /** Makes room for one more variable, which is not in the heap. */
  void add() {
    if (count == activity.length) {
      activity = Arrays.copyOf(activity, count * 2);
      position = Arrays.copyOf(position, count * 2);
    }
    activity[count] = 0;
    position[count++] = -1;
  }

  double activity(int variable) {
    return activity[variable];
  }

  void insert(int variable) {
    if (position[variable] >= 0) {
      return;
    }
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    heap[size] = variable;
    position[variable] = size;
    up(size++);
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Takes the most active variable out. */
  int pop() {
    int top = heap[0];
    position[top] = -1;
    int last = heap[--size];
    if (size > 0) {
      heap[0] = last;
      position[last] = 0;
      down(0);
    }
    return top;
  }

  /** Raises a variable's activity. */
  void raise(int variable) {
    activity[variable] += bump;
    if (activity[variable] > LIMIT) {
      for (int i = 0; i < count; i++) {
        activity[i] /= LIMIT;
      }
      bump /= LIMIT;
    }
    if (position[variable] >= 0) {
      up(position[variable]);
    }
  }

  /** Lets all activities fade, relative to what is raised from now on. */
  void decay() {
    bump *= GROWTH;
  }

  private boolean before(int a, int b) {
    return activity[a] != activity[b] ? activity[a] > activity[b] : a < b;
  }

  private void up(int start) {
    int at = start;
    int variable = heap[at];
    while (at > 0) {
      int parent = (at - 1) >> 1;
      if (!before(variable, heap[parent])) {
        break;
      }
      heap[at] = heap[parent];
      position[heap[at]] = at;
      at = parent;
    }
    heap[at] = variable;
    position[variable] = at;
  }

  private void down(int start) {
    int at = start;
    int variable = heap[at];
    while (true) {
      int child = 2 * at + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], variable)) {
        break;
      }
      heap[at] = heap[child];
      position[heap[at]] = at;
      at = child;
    }
    heap[at] = variable;
    position[variable] = at;
  }
}
