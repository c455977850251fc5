package dev.raya.integration.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * A generated graph of packages, the same for every package manager: a closure of a given size in
 * layers, and one package outside of it that brings three more.
 *
 * @param packages all packages by name, those they depend on among them
 * @param roots what the project depends on
 */
record Universe(Map<String, Pkg> packages, List<String> roots) {
  /** Outside of the closure; brings {@code extra-a}, {@code extra-b} and {@code extra-c}. */
  static final String EXTRA = "extra";

  /** The versions of each package; the last one is what everybody takes. */
  static final List<String> VERSIONS = List.of("1.0.0", "1.1.0");

  private static final int DEPTH = 12;
  private static final int FILES = 26;
  private static final int MEAN_BYTES = 4300;

  /**
   * A package.
   *
   * @param name its name
   * @param dependencies names, each asked for as {@code ^1.0.0}
   * @param seed what its content is made from
   */
  record Pkg(String name, List<String> dependencies, int seed) {
    /** Its files without any package manager's own, path to text. */
    Map<String, String> files() {
      Map<String, String> files = new LinkedHashMap<>();
      Random random = new Random(seed);
      for (int i = 0; i < FILES; i++) {
        files.put(
            "lib/part" + i + ".txt", text(random, MEAN_BYTES / 2 + random.nextInt(MEAN_BYTES)));
      }
      return files;
    }
  }

  /** Words of many lengths: compresses about as source text does. */
  static String text(Random random, int length) {
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      int letters = 2 + random.nextInt(9);
      for (int i = 0; i < letters; i++) {
        text.append((char) ('a' + Math.min(random.nextInt(26), random.nextInt(26))));
      }
      text.append(random.nextInt(12) == 0 ? '\n' : ' ');
    }
    return text.toString();
  }

  /** A universe whose closure has {@code size} packages. */
  static Universe of(int size) {
    Random random = new Random(size);
    int perLayer = Math.max(1, size / DEPTH);
    Map<String, Pkg> packages = new LinkedHashMap<>();
    List<TreeSet<String>> wants = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      wants.add(new TreeSet<>());
    }
    List<String> roots = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int layer = i / perLayer;
      if (layer == 0) {
        roots.add(name(i));
      } else {
        // One of the layer before needs it, so that the closure is whole; and up to two more do.
        for (int k = random.nextInt(3); k >= 0; k--) {
          int before = (layer - 1) * perLayer + random.nextInt(perLayer);
          wants.get(before).add(name(i));
        }
      }
    }
    for (int i = 0; i < size; i++) {
      packages.put(name(i), new Pkg(name(i), List.copyOf(wants.get(i)), 1000 + i));
    }
    List<String> more = List.of(EXTRA + "-a", EXTRA + "-b", EXTRA + "-c");
    packages.put(EXTRA, new Pkg(EXTRA, more, 1));
    for (String each : more) {
      packages.put(each, new Pkg(each, List.of(), each.hashCode()));
    }
    return new Universe(packages, List.copyOf(roots));
  }

  private static String name(int i) {
    return String.format(Locale.ROOT, "pkg-%04d", i);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
