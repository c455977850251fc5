package dev.raya.cli.rayac;

import java.util.ArrayList;
import java.util.List;

/** How two texts differ, line by line: {@code -} expected, {@code +} actual. */
final class LineDifference {
  /** Texts of more lines are shown without being matched. */
  private static final int MAX_LINES = 500;

  private LineDifference() {}

  static List<String> of(String expected, String actual) {
    List<String> a = List.of(expected.split("\n", -1));
    List<String> b = List.of(actual.split("\n", -1));
    List<String> out = new ArrayList<>();
    if (a.size() > MAX_LINES || b.size() > MAX_LINES) {
      a.subList(0, Math.min(a.size(), MAX_LINES)).forEach(line -> out.add("- " + line));
      b.subList(0, Math.min(b.size(), MAX_LINES)).forEach(line -> out.add("+ " + line));
      return out;
    }
    int[][] common = new int[a.size() + 1][b.size() + 1];
    for (int i = a.size() - 1; i >= 0; i--) {
      for (int j = b.size() - 1; j >= 0; j--) {
        common[i][j] =
            a.get(i).equals(b.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    int i = 0;
    int j = 0;
    while (i < a.size() || j < b.size()) {
      if (i < a.size() && j < b.size() && a.get(i).equals(b.get(j))) {
        out.add("  " + a.get(i));
        i++;
        j++;
      } else if (i < a.size() && (j == b.size() || common[i + 1][j] >= common[i][j + 1])) {
        out.add("- " + a.get(i++));
      } else {
        out.add("+ " + b.get(j++));
      }
    }
    return out;
  }
}
