package dev.raya.resolver.solve;

import java.util.Arrays;

/** A growing list of ints, without boxing. */
final class Ints {
  private int[] items;
  private int size;

  Ints() {
    this(8);
  }

  Ints(int capacity) {
    items = new int[Math.max(1, capacity)];
  }

  void add(int item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, size * 2);
    }
    items[size++] = item;
  }

  int get(int index) {
    return items[index];
  }

  void set(int index, int item) {
    items[index] = item;
  }

  int removeLast() {
    return items[--size];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
  }

  /** Keeps the first items only. */
  void truncate(int newSize) {
    size = newSize;
  }

  int[] toArray() {
    return Arrays.copyOf(items, size);
  }
}
