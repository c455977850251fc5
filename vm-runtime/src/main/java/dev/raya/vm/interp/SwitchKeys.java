package dev.raya.vm.interp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The keys of a switch: which case a value selects. */
final class SwitchKeys {
  private final int low;
  private final int count;
  private final int[] sorted;
  private final Map<String, Integer> texts;

  private SwitchKeys(int low, int count, int[] sorted, Map<String, Integer> texts) {
    this.low = low;
    this.count = count;
    this.sorted = sorted;
    this.texts = texts;
  }

  /** Keys of TABLE_SWITCH (an Integer, the lowest) or SWITCH (an ascending int array). */
  static SwitchKeys ints(Object keys, int count) {
    return keys instanceof int[] sorted
        ? new SwitchKeys(0, 0, sorted, Map.of())
        : new SwitchKeys((Integer) keys, count, new int[0], Map.of());
  }

  static SwitchKeys strings(String[] keys) {
    Map<String, Integer> texts = new HashMap<>();
    for (int i = 0; i < keys.length; i++) {
      texts.put(keys[i], i);
    }
    return new SwitchKeys(0, 0, new int[0], texts);
  }

  /** Returns the number of the case of an int, or −1. */
  int find(int value) {
    if (count > 0) {
      long i = (long) value - low;
      return i >= 0 && i < count ? (int) i : -1;
    }
    int i = Arrays.binarySearch(sorted, value);
    return i < 0 ? -1 : i;
  }

  /** Returns the number of the case of a string, or −1. */
  int find(String value) {
    Integer i = texts.get(value);
    return i == null ? -1 : i;
  }
}
