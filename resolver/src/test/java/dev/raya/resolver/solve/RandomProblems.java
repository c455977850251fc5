package dev.raya.resolver.solve;

import dev.raya.resolver.solve.SolverRequest.Mode;
import dev.raya.resolver.solve.SolverRequest.Preference;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** Small problems that use every feature of the solver, from a seed. */
final class RandomProblems {
  private static final List<String> VERSIONS =
      List.of(
          "0.1.0",
          "0.1.1",
          "0.2.0",
          "1.0.0-rc.1",
          "1.0.0",
          "1.1.0",
          "1.2.0",
          "2.0.0-beta",
          "2.0.0",
          "2.1.0",
          "3.0.0");
  private static final List<String> FEATURES = List.of("f", "g", "h");

  private final Random random;
  private final List<String> names = new ArrayList<>();
  private final double density;

  private RandomProblems(long seed) {
    this.random = new Random(seed);
    int count = 3 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      names.add("p" + (char) ('a' + i));
    }
    this.density = 0.5 + random.nextDouble() * 2;
  }

  /** The problem of a seed. */
  static Problem of(long seed) {
    return new RandomProblems(seed).problem(seed);
  }

  private Problem problem(long seed) {
    Map<String, List<Candidate>> packages = new LinkedHashMap<>();
    Map<String, List<Version>> locked = new TreeMap<>();
    for (String name : names) {
      if (random.nextInt(12) == 0) {
        continue;
      }
      List<Candidate> candidates = new ArrayList<>();
      for (String version : VERSIONS) {
        if (random.nextInt(5) < 2) {
          candidates.add(candidate(version(version)));
        }
      }
      packages.put(name, candidates);
      if (!candidates.isEmpty() && random.nextInt(4) == 0) {
        Version version = candidates.get(random.nextInt(candidates.size())).version();
        locked.put(name, List.of(version));
      }
    }
    List<Need> roots = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      roots.add(need(true));
    }
    Map<String, VersionRange> overrides = new TreeMap<>();
    if (random.nextInt(6) == 0) {
      overrides.put(name(), range());
    }
    if (random.nextInt(8) == 0) {
      overrides.put(name() + '>' + name(), range());
    }
    SolverRequest request =
        new SolverRequest(
            roots,
            random.nextBoolean() ? Mode.SINGLE : Mode.MAJORS,
            random.nextInt(3) == 0 ? Set.of(name()) : Set.of(),
            locked,
            overrides,
            random.nextBoolean(),
            Preference.values()[random.nextInt(3)],
            SolverRequest.DEFAULT_BUDGET);
    return new Problem("random " + seed, request, packages, null);
  }

  private Candidate candidate(Version version) {
    Map<String, Candidate.Feature> features = new LinkedHashMap<>();
    for (String feature : FEATURES) {
      if (random.nextInt(3) == 0) {
        features.put(
            feature,
            new Candidate.Feature(
                needs(density / 2),
                random.nextInt(4) == 0
                    ? List.of(FEATURES.get(random.nextInt(FEATURES.size())))
                    : List.of()));
      }
    }
    return new Candidate(
        version,
        needs(density),
        random.nextInt(5) == 0 ? List.of(new Need(name(), range())) : List.of(),
        features,
        random.nextInt(10) == 0 ? "yanked" : "");
  }

  private List<Need> needs(double mean) {
    List<Need> needs = new ArrayList<>();
    while (random.nextDouble() < mean / (1 + mean)) {
      needs.add(need(random.nextInt(4) == 0));
    }
    return needs;
  }

  private Need need(boolean features) {
    List<String> asked =
        features && random.nextInt(3) == 0 ? FEATURES.subList(0, 1 + random.nextInt(2)) : List.of();
    return new Need(name(), range(), asked, "");
  }

  private String name() {
    return names.get(random.nextInt(names.size()));
  }

  private VersionRange range() {
    String version = VERSIONS.get(random.nextInt(VERSIONS.size()));
    return switch (random.nextInt(8)) {
      case 0, 1 -> VersionRange.ANY;
      case 2, 3 -> VersionRange.caret(version(version));
      case 4 -> VersionRange.exactly(version(version));
      case 5 -> written(">=" + version);
      case 6 -> written("<=" + version);
      default -> written("<1.0.0 || >=" + version);
    };
  }

  private static VersionRange written(String text) {
    try {
      return VersionRange.parseWritten(text);
    } catch (VersionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Version version(String text) {
    try {
      return Version.parse(text);
    } catch (VersionException e) {
      throw new IllegalStateException(e);
    }
  }
}
