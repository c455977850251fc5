package dev.raya.resolver.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The families of generated problems at any size. Each is a function of its sizes and its seed
 * alone, so that everybody measures the same.
 */
final class Families {
  private Families() {}

  private static String v(int major) {
    return major + ".0.0";
  }

  /** Releases that need each other exactly, down to a package that does not exist. */
  static ProblemText lockstep(int packages, int versions) {
    ProblemText out = new ProblemText("lockstep-" + packages + "-" + versions).root("p1", "*");
    for (int i = 1; i < packages; i++) {
      int most = i == 1 ? versions + 1 : versions;
      for (int k = most; k >= 1; k--) {
        out.version("p" + i, v(k), "p" + (i + 1), "=" + v(k));
      }
    }
    return out;
  }

  /** Releases that need each other exactly, the last one a version that the project rules out. */
  static ProblemText lockstepPin(int packages, int versions) {
    ProblemText out =
        new ProblemText("lockstep-pin-" + packages + "-" + versions)
            .root("p1", "*")
            .root("anchor", "=0.0.0");
    for (int i = 1; i <= packages; i++) {
      for (int k = versions; k >= 1; k--) {
        out.version("p" + i, v(k), i == packages ? "anchor" : "p" + (i + 1), "=" + v(k));
      }
    }
    for (int k = versions; k >= 0; k--) {
      out.version("anchor", v(k));
    }
    return out;
  }

  /** Few packages with very many versions, of which only old ones fit. */
  static ProblemText manyVersions(int packages, int versions, long seed) {
    Random random = new Random(seed);
    ProblemText out =
        new ProblemText("many-versions-" + packages + "-" + versions + "-s" + seed)
            .root("w0", "*")
            .root("w" + (packages - 1), "<" + v(versions / 2));
    for (int i = 0; i < packages; i++) {
      for (int k = versions; k >= 1; k--) {
        List<Integer> later = new ArrayList<>();
        for (int j = i + 1; j < packages; j++) {
          later.add(j);
        }
        Collections.shuffle(later, random);
        Map<String, String> needs = new LinkedHashMap<>();
        for (int j : later.subList(0, Math.min(3, later.size()))) {
          int low = Math.max(1, k - random.nextInt(41));
          int high = k + 1 + random.nextInt(40);
          needs.put("w" + j, ">=" + v(low) + " <" + v(high));
        }
        out.version("w" + i, v(k), needs);
      }
    }
    return out;
  }

  /** A long chain without constraints that ends in a choice the project has already made. */
  static ProblemText deepBacktrack(int packages, int versions) {
    ProblemText out =
        new ProblemText("deep-backtrack-" + packages + "-" + versions)
            .root("p0", "*")
            .root("y", "=1.0.0");
    for (int i = 0; i <= packages; i++) {
      for (int k = versions; k >= 1; k--) {
        out.version("p" + i, v(k), i == packages ? "x" : "p" + (i + 1), "*");
      }
    }
    return out.version("x", "2.0.0", "y", "=2.0.0")
        .version("x", "1.0.0", "y", "=1.0.0")
        .version("y", "2.0.0")
        .version("y", "1.0.0");
  }

  /** Layers of packages, each version of which needs narrow ranges of three of the next layer. */
  static ProblemText diamonds(int layers, int width, int versions, long seed) {
    // Ranges are drawn so that one hidden choice of versions fits.
    Random random = new Random(seed);
    ProblemText out =
        new ProblemText("diamonds-" + layers + "-" + width + "-" + versions + "-s" + seed);
    int[][] hidden = new int[layers][width];
    for (int[] layer : hidden) {
      for (int i = 0; i < width; i++) {
        layer[i] = 1 + random.nextInt(versions);
      }
    }
    for (int i = 0; i < width; i++) {
      out.root("d0_" + i, "*");
    }
    for (int layer = 0; layer < layers; layer++) {
      for (int i = 0; i < width; i++) {
        for (int k = versions; k >= 1; k--) {
          Map<String, String> needs = new LinkedHashMap<>();
          for (int d = 0; d < 3 && layer + 1 < layers; d++) {
            int to = random.nextInt(width);
            int fits = hidden[layer + 1][to];
            boolean kept = k == hidden[layer][i];
            int low = 1 + random.nextInt(kept ? fits : versions);
            int high = low + 1 + random.nextInt(versions - low + 1);
            if (kept) {
              high = Math.max(high, fits + 1);
            }
            needs.put("d" + (layer + 1) + "_" + to, ">=" + v(low) + " <" + v(high));
          }
          out.version("d" + layer + "_" + i, v(k), needs);
        }
      }
    }
    return out;
  }

  /** Each step down allows ever newer versions only, until nothing is left. */
  static ProblemText falling(int packages, int versions) {
    ProblemText out = new ProblemText("falling-" + packages + "-" + versions).root("p1", "*");
    for (int i = 1; i < packages; i++) {
      for (int k = versions - 1; k >= 1; k--) {
        out.version("p" + i, v(k), "p" + (i + 1), ">=" + v(versions - k));
      }
    }
    return out;
  }

  /** Packages released together that need each other exactly, and one that needs them old. */
  static ProblemText monorepo(int packages, int versions, long seed) {
    Random random = new Random(seed);
    ProblemText out = new ProblemText("monorepo-" + packages + "-" + versions);
    for (int i = 0; i < packages; i += 4) {
      out.root("mono-" + i, "*");
    }
    out.root("outsider", "*");
    for (int i = 0; i < packages; i++) {
      List<Integer> others = new ArrayList<>();
      for (int j = 0; j < packages; j++) {
        if (j != i) {
          others.add(j);
        }
      }
      Collections.shuffle(others, random);
      for (int k = versions; k >= 1; k--) {
        Map<String, String> needs = new LinkedHashMap<>();
        for (int j : others.subList(0, Math.min(6, others.size()))) {
          needs.put("mono-" + j, "=" + v(k));
        }
        out.version("mono-" + i, v(k), needs);
      }
    }
    for (int k = 9; k >= 1; k--) {
      out.version("outsider", v(k), "mono-" + (packages - 1), "<=" + v(7));
    }
    return out;
  }

  /** Many packages follow one leaf, and one of the project's needs it in its first version. */
  static ProblemText oldLeaf(int packages, int versions, long seed) {
    Random random = new Random(seed);
    ProblemText out = new ProblemText("old-leaf-" + packages + "-" + versions);
    for (int i = 0; i < packages; i++) {
      out.root("m" + i, "*");
      int back = random.nextInt(6);
      for (int k = versions; k >= 1; k--) {
        String range = ">=" + v(Math.max(1, k - back)) + " <" + v(k + 3);
        out.version("m" + i, v(k), "leaf", range);
      }
    }
    for (int k = versions; k >= 1; k--) {
      out.version("leaf", v(k));
    }
    out.root("stuck", "*");
    for (int k = 5; k >= 1; k--) {
      out.version("stuck", v(k), "leaf", "=1.0.0");
    }
    return out;
  }

  /**
   * A tree of packages with more edges between neighbours, all of it reached, nothing in conflict.
   */
  static ProblemText breadth(int packages, int versions, long seed) {
    Random random = new Random(seed);
    ProblemText out =
        new ProblemText("breadth-" + packages + "-" + versions + "-s" + seed).root("p0", "*");
    for (int i = 0; i < packages; i++) {
      int later = i + 1 + random.nextInt(9);
      for (int k = versions; k >= 1; k--) {
        Map<String, String> needs = new LinkedHashMap<>();
        for (int to : List.of(2 * i + 1, 2 * i + 2, later)) {
          if (to < packages) {
            needs.put("p" + to, ">=" + v(1 + random.nextInt(k)));
          }
        }
        out.version("p" + i, v(k), needs);
      }
    }
    return out;
  }

  /** One pigeon more than there are holes. */
  static ProblemText pigeons(int holes) {
    ProblemText out = new ProblemText("pigeons-" + holes);
    for (int i = 1; i <= holes + 1; i++) {
      out.root("pigeon" + i, "*");
      for (int k = holes; k >= 1; k--) {
        out.version("pigeon" + i, v(k), "h" + k, "=" + v(i));
      }
    }
    for (int k = 1; k <= holes; k++) {
      for (int i = holes + 1; i >= 1; i--) {
        out.version("h" + k, v(i));
      }
    }
    return out;
  }

  /** Random 3-SAT: a clause is a package, its versions are the literals that may meet it. */
  static ProblemText sat3(int variables, double ratio, long seed) {
    Random random = new Random(seed);
    ProblemText out = new ProblemText("sat3-" + variables + "-" + ratio + "-s" + seed);
    for (int i = 0; i < variables; i++) {
      out.version("x" + i, "2.0.0").version("x" + i, "1.0.0");
    }
    int clauses = (int) Math.round(variables * ratio);
    for (int i = 0; i < clauses; i++) {
      out.root("c" + i, "*");
      List<Integer> chosen = new ArrayList<>();
      for (int k = 3; k >= 1; k--) {
        int variable = random.nextInt(variables);
        while (chosen.contains(variable)) {
          variable = random.nextInt(variables);
        }
        chosen.add(variable);
        out.version("c" + i, v(k), "x" + variable, "=" + v(1 + random.nextInt(2)));
      }
    }
    return out;
  }

  /** A sudoku: a cell is a package, its digit the version, the others of its units needed apart. */
  static ProblemText sudoku(String name, String givens) {
    ProblemText out = new ProblemText(name);
    for (int cell = 0; cell < 81; cell++) {
      char given = givens.charAt(cell);
      out.root(cell(cell), given == '.' ? "*" : "=" + v(given - '0'));
      for (int digit = 9; digit >= 1; digit--) {
        Map<String, String> needs = new LinkedHashMap<>();
        for (int other = 0; other < 81; other++) {
          if (other != cell && sameUnit(cell, other)) {
            needs.put(cell(other), "<" + v(digit) + " || >" + v(digit));
          }
        }
        out.version(cell(cell), v(digit), needs);
      }
    }
    return out;
  }

  private static String cell(int index) {
    return "cell" + index / 9 + index % 9;
  }

  private static boolean sameUnit(int a, int b) {
    return a / 9 == b / 9 || a % 9 == b % 9 || (a / 27 == b / 27 && a % 9 / 3 == b % 9 / 3);
  }

  /**
   * A registry in small: packages need earlier ones, popular ones more often, with the ranges that
   * people write, newer versions mostly newer ones.
   *
   * @param clash whether two of the project's packages need different versions of a third
   */
  static ProblemText ecosystem(int packages, long seed, String mode, boolean clash) {
    Random random = new Random(seed);
    ProblemText out =
        new ProblemText(
            "ecosystem-" + packages + "-s" + seed + (clash ? "-clash-" : "-") + mode, mode);
    List<List<int[]>> released = new ArrayList<>();
    for (int i = 0; i < packages; i++) {
      List<int[]> versions = releases(random);
      released.add(versions);
      int wanted = i == 0 ? 0 : random.nextInt(Math.min(i, 14) + 1);
      List<Integer> targets = new ArrayList<>();
      for (int d = 0; d < wanted; d++) {
        // The square makes early packages popular, as they are in real registries.
        double x = random.nextDouble();
        int target = (int) (x * x * i);
        if (!targets.contains(target)) {
          targets.add(target);
        }
      }
      for (int k = versions.size() - 1; k >= 0; k--) {
        Map<String, String> needs = new LinkedHashMap<>();
        for (int target : targets) {
          if (random.nextInt(12) != 0) {
            needs.put("pkg-" + target, range(random, released.get(target), k, versions.size()));
          }
        }
        out.version("pkg-" + i, text(versions.get(k)), needs);
      }
    }
    for (int i = 0; i < 15; i++) {
      out.root("pkg-" + (packages / 2 + random.nextInt(packages / 2)), "*");
    }
    if (clash) {
      out.root("clash-top", "*");
      for (int k = 3; k >= 1; k--) {
        out.version("clash-top", v(k), "clash-a", "*", "clash-b", "*");
      }
      for (int k = 2; k >= 1; k--) {
        out.version("clash-a", v(k), "clash-c", "=1.0.0");
        out.version("clash-b", v(k), "clash-c", "=1.1.0");
      }
      out.version("clash-c", "1.1.0").version("clash-c", "1.0.0");
    }
    return out;
  }

  private static List<int[]> releases(Random random) {
    List<int[]> versions = new ArrayList<>();
    int[] at = {random.nextInt(2), random.nextInt(3), 0};
    int count = 3 + random.nextInt(16);
    for (int i = 0; i < count; i++) {
      versions.add(at.clone());
      int step = random.nextInt(10);
      if (step == 0) {
        at = new int[] {at[0] + 1, 0, 0};
      } else if (step < 4) {
        at = new int[] {at[0], at[1] + 1, 0};
      } else {
        at = new int[] {at[0], at[1], at[2] + 1};
      }
    }
    return versions;
  }

  private static String text(int[] version) {
    return version[0] + "." + version[1] + "." + version[2];
  }

  private static String range(Random random, List<int[]> target, int k, int of) {
    int newest = (target.size() - 1) * (k + 1) / of;
    int[] low = target.get(Math.max(0, newest - random.nextInt(3)));
    String from = ">=" + text(low);
    return switch (random.nextInt(12)) {
      case 0 -> from;
      case 1 -> from + " <" + low[0] + "." + (low[1] + 1) + ".0-0";
      default ->
          low[0] > 0
              ? from + " <" + (low[0] + 1) + ".0.0-0"
              : from + " <0." + (low[1] + 1) + ".0-0";
    };
  }
}
