package dev.raya.resolver.oracle;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Problems as JSON from a seed: small ones that use every member of the format, and hard little
 * ones (random 3-SAT near the threshold, pigeons, lockstep families).
 */
final class RandomProblem {
  private static final List<String> VERSIONS =
      List.of(
          "0.0.3",
          "0.1.0",
          "0.1.1",
          "0.2.0",
          "1.0.0-rc.1",
          "1.0.0",
          "1.1.0",
          "1.2.0-alpha.2",
          "1.2.0",
          "2.0.0-beta",
          "2.0.0",
          "2.1.0",
          "3.0.0");
  private static final List<String> FEATURES = List.of("fast", "full", "tls");
  private static final double THRESHOLD = 4.26;

  private final Random random;
  private final List<String> names = new ArrayList<>();
  private final double density;

  private RandomProblem(long seed) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    int count = 2 + random.nextInt(7);
    for (int i = 0; i < count; i++) {
      names.add("p" + (char) ('a' + i));
    }
    this.density = 0.4 + random.nextDouble() * 1.8;
  }

  static Map<String, @Nullable Object> of(long seed) {
    RandomProblem problem = new RandomProblem(seed);
    Map<String, @Nullable Object> json =
        switch ((int) (seed % 12)) {
          case 9 -> problem.clauses();
          case 10 -> problem.pigeons();
          case 11 -> problem.lockstep();
          default -> problem.mixed();
        };
    json.put("name", "seed " + seed);
    return json;
  }

  private static Map<String, @Nullable Object> problem(
      Map<String, @Nullable Object> roots, Map<String, @Nullable Object> packages) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("format", "raya-resolve/1");
    json.put("roots", roots);
    json.put("packages", packages);
    return json;
  }

  private static Map<String, @Nullable Object> deps(Map<String, @Nullable Object> needs) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    entry.put("deps", needs);
    return entry;
  }

  /** Random 3-SAT: a package for each variable and each clause. */
  private Map<String, @Nullable Object> clauses() {
    int variables = 5 + random.nextInt(7);
    Map<String, @Nullable Object> packages = new LinkedHashMap<>();
    for (int i = 0; i < variables; i++) {
      Map<String, @Nullable Object> versions = new LinkedHashMap<>();
      versions.put("1.0.0", new LinkedHashMap<>());
      versions.put("1.1.0", new LinkedHashMap<>());
      packages.put("v" + i, versions);
    }
    Map<String, @Nullable Object> roots = new LinkedHashMap<>();
    int count = (int) (variables * THRESHOLD) + random.nextInt(5);
    for (int c = 0; c < count; c++) {
      Map<String, @Nullable Object> versions = new LinkedHashMap<>();
      for (int literal = 0; literal < 3; literal++) {
        Map<String, @Nullable Object> need = new LinkedHashMap<>();
        need.put("v" + random.nextInt(variables), random.nextBoolean() ? "=1.0.0" : "=1.1.0");
        versions.put("1.0." + literal, deps(need));
      }
      packages.put("c" + c, versions);
      roots.put("c" + c, "*");
    }
    return problem(roots, packages);
  }

  /** One pigeon more than holes, or as many. */
  private Map<String, @Nullable Object> pigeons() {
    int holes = 2 + random.nextInt(3);
    int pigeons = holes + random.nextInt(2);
    Map<String, @Nullable Object> packages = new LinkedHashMap<>();
    Map<String, @Nullable Object> roots = new LinkedHashMap<>();
    for (int hole = 0; hole < holes; hole++) {
      Map<String, @Nullable Object> versions = new LinkedHashMap<>();
      for (int pigeon = 0; pigeon < pigeons; pigeon++) {
        versions.put("1.0." + pigeon, new LinkedHashMap<>());
      }
      packages.put("hole" + hole, versions);
    }
    for (int pigeon = 0; pigeon < pigeons; pigeon++) {
      Map<String, @Nullable Object> versions = new LinkedHashMap<>();
      for (int hole = 0; hole < holes; hole++) {
        Map<String, @Nullable Object> need = new LinkedHashMap<>();
        need.put("hole" + hole, "=1.0." + pigeon);
        versions.put("1." + hole + ".0", deps(need));
      }
      packages.put("pigeon" + pigeon, versions);
      roots.put("pigeon" + pigeon, "*");
    }
    return problem(roots, packages);
  }

  /** A family released in lockstep, with a pin somewhere. */
  private Map<String, @Nullable Object> lockstep() {
    int size = 3 + random.nextInt(5);
    int releases = 3 + random.nextInt(8);
    Map<String, @Nullable Object> packages = new LinkedHashMap<>();
    Map<String, @Nullable Object> roots = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      Map<String, @Nullable Object> versions = new LinkedHashMap<>();
      for (int release = releases; release > 0; release--) {
        Map<String, @Nullable Object> needs = new LinkedHashMap<>();
        if (i + 1 < size) {
          int shift = random.nextInt(20) == 0 ? 1 : 0;
          needs.put("m" + (i + 1), "=1." + Math.max(1, release - shift) + ".0");
        }
        versions.put("1." + release + ".0", deps(needs));
      }
      packages.put("m" + i, versions);
    }
    roots.put("m0", "*");
    roots.put("m" + (size - 1), "<=1." + (1 + random.nextInt(releases)) + ".0");
    if (random.nextInt(3) == 0) {
      roots.put("m" + size / 2, "=1." + (1 + random.nextInt(releases)) + ".0");
    }
    return problem(roots, packages);
  }

  private Map<String, @Nullable Object> mixed() {
    Map<String, @Nullable Object> packages = new LinkedHashMap<>();
    Map<String, @Nullable Object> locked = new LinkedHashMap<>();
    Map<String, @Nullable Object> yanked = new LinkedHashMap<>();
    boolean ages = random.nextInt(4) == 0;
    for (String name : names) {
      if (random.nextInt(14) == 0) {
        continue;
      }
      Map<String, @Nullable Object> versions = new LinkedHashMap<>();
      List<@Nullable Object> withdrawn = new ArrayList<>();
      for (String version : VERSIONS.reversed()) {
        if (random.nextInt(5) < 2) {
          versions.put(version, entry(ages));
          if (random.nextInt(12) == 0) {
            withdrawn.add(version);
          }
        }
      }
      packages.put(name, versions);
      if (!withdrawn.isEmpty()) {
        yanked.put(name, withdrawn);
      }
      if (!versions.isEmpty() && random.nextInt(4) == 0) {
        locked.put(name, List.copyOf(versions.keySet()).get(random.nextInt(versions.size())));
      }
    }
    Map<String, @Nullable Object> roots = new LinkedHashMap<>();
    Map<String, @Nullable Object> rootFeatures = new LinkedHashMap<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String name = name();
      roots.put(name, range());
      if (random.nextInt(4) == 0) {
        rootFeatures.put(name, new ArrayList<>(FEATURES.subList(0, 1 + random.nextInt(2))));
      }
    }
    Map<String, @Nullable Object> json = problem(roots, packages);
    json.put("mode", random.nextBoolean() ? "single" : "majors");
    if (random.nextInt(3) == 0) {
      json.put("singletons", new ArrayList<>(List.of(name())));
    }
    put(json, "locked", locked);
    put(json, "yanked", yanked);
    put(json, "rootFeatures", rootFeatures);
    if (random.nextInt(6) == 0) {
      Map<String, @Nullable Object> overrides = new LinkedHashMap<>();
      overrides.put(name(), range());
      json.put("overrides", overrides);
    }
    if (random.nextInt(3) != 0) {
      Map<String, @Nullable Object> platform = new LinkedHashMap<>();
      platform.put("os", random.nextBoolean() ? "linux" : "macos");
      platform.put("arch", random.nextBoolean() ? "x86-64" : "aarch64");
      json.put("platform", platform);
    }
    json.put("policy", policy(ages));
    return json;
  }

  private static void put(
      Map<String, @Nullable Object> json, String member, Map<String, @Nullable Object> value) {
    if (!value.isEmpty()) {
      json.put(member, value);
    }
  }

  private Map<String, @Nullable Object> policy(boolean ages) {
    Map<String, @Nullable Object> policy = new LinkedHashMap<>();
    policy.put(
        "prefer", List.of("highest", "highest", "lowest", "lowest-direct").get(random.nextInt(4)));
    policy.put("prerelease", random.nextBoolean() ? "gated" : "allow");
    if (ages) {
      policy.put("minAgeDays", random.nextInt(10));
      policy.put("now", "2026-01-20T00:00:00Z");
    }
    return policy;
  }

  private Map<String, @Nullable Object> entry(boolean ages) {
    Map<String, @Nullable Object> entry = new LinkedHashMap<>();
    Map<String, @Nullable Object> needs = needs(density);
    put(entry, "deps", needs);
    if (random.nextInt(6) == 0) {
      Map<String, @Nullable Object> constrains = new LinkedHashMap<>();
      constrains.put(name(), range());
      entry.put("constrains", constrains);
    }
    Map<String, @Nullable Object> optional = needs(density / 2);
    put(entry, "optional", optional);
    Map<String, @Nullable Object> features = new LinkedHashMap<>();
    for (String feature : FEATURES) {
      if (random.nextInt(2) == 0) {
        features.put(feature, new ArrayList<@Nullable Object>());
      }
    }
    for (Map.Entry<String, @Nullable Object> feature : features.entrySet()) {
      List<@Nullable Object> items = JsonText.list(feature.getValue());
      optional.keySet().stream().filter(o -> random.nextInt(2) == 0).forEach(items::add);
      features.keySet().stream()
          .filter(f -> !f.equals(feature.getKey()) && random.nextInt(5) == 0)
          .forEach(items::add);
    }
    put(entry, "features", features);
    Map<String, @Nullable Object> when = new LinkedHashMap<>();
    for (String dep : needs.keySet()) {
      if (random.nextInt(8) == 0) {
        Map<String, @Nullable Object> condition = new LinkedHashMap<>();
        if (random.nextBoolean()) {
          condition.put("os", random.nextBoolean() ? "linux" : "macos");
        } else {
          condition.put("arch", random.nextBoolean() ? "x86-64" : "aarch64");
        }
        when.put(dep, condition);
      }
    }
    put(entry, "when", when);
    if (ages && random.nextInt(4) != 0) {
      entry.put("published", "2026-01-" + (10 + random.nextInt(10)) + "T12:00:00Z");
    }
    return entry;
  }

  private Map<String, @Nullable Object> needs(double mean) {
    Map<String, @Nullable Object> needs = new LinkedHashMap<>();
    while (random.nextDouble() < mean / (1 + mean)) {
      needs.put(name(), range());
    }
    return needs;
  }

  private String name() {
    return names.get(random.nextInt(names.size()));
  }

  private String range() {
    String version = VERSIONS.get(random.nextInt(VERSIONS.size()));
    return switch (random.nextInt(9)) {
      case 0, 1 -> "*";
      case 2, 3 -> ">=" + version + " <" + upper(version);
      case 4 -> "=" + version;
      case 5 -> ">=" + version;
      case 6 -> "<=" + version;
      case 7 -> ">" + version + " || <1.0.0";
      default -> "<1.0.0 || >=" + version;
    };
  }

  /** The bound of a caret. */
  private static String upper(String version) {
    String[] numbers = version.split("-", 2)[0].split("\\.");
    if (!numbers[0].equals("0")) {
      return (Integer.parseInt(numbers[0]) + 1) + ".0.0-0";
    }
    return numbers[1].equals("0")
        ? "0.0." + (Integer.parseInt(numbers[2]) + 1) + "-0"
        : "0." + (Integer.parseInt(numbers[1]) + 1) + ".0-0";
  }
}
