package dev.raya.resolver.solve;

import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the versions of a package require. Versions with the same requirement share it. The order is
 * that of the text, so that it does not depend on the order in which requirements are written.
 *
 * @param all the requirements
 * @param byRank for each rank the indices of its requirements, ascending
 */
record Requirements(List<Requirement> all, int[][] byRank) {
  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::name)
          .thenComparing(Key::constraint)
          .thenComparing(Key::range)
          .thenComparing(key -> String.join(" ", key.features()))
          .thenComparing(Key::origin);

  private record Key(
      String name, String range, List<String> features, boolean constraint, String origin) {}

  /** The versions of one package that have a requirement, while they are collected. */
  private record Group(Need need, Ints ranks) {}

  /**
   * Collects those of a package.
   *
   * @param first number of the first
   */
  static Requirements of(SolverPackage pkg, SolverRequest request, int first) {
    Map<Key, Group> groups = new HashMap<>();
    int universe = pkg.universe();
    for (int rank = 0; rank < universe; rank++) {
      for (Need need : needs(pkg, rank, request)) {
        collect(pkg, rank, need, false, groups);
      }
      if (pkg.kind == SolverPackage.Kind.VERSIONS) {
        for (Need need : pkg.candidates.get(rank).constraints()) {
          collect(pkg, rank, need, true, groups);
        }
      }
    }
    List<Map.Entry<Key, Group>> sorted = new ArrayList<>(groups.entrySet());
    sorted.sort(Map.Entry.comparingByKey(ORDER));
    List<Requirement> all = new ArrayList<>(sorted.size());
    int[] counts = new int[universe];
    for (Map.Entry<Key, Group> entry : sorted) {
      Need need = entry.getValue().need();
      boolean constraint = entry.getKey().constraint();
      Need effective = constraint ? need : overridden(pkg, need, request);
      int[] ranks = entry.getValue().ranks().toArray();
      all.add(new Requirement(first + all.size(), pkg, need, effective, constraint, ranks));
      for (int rank : ranks) {
        counts[rank]++;
      }
    }
    int[][] byRank = new int[universe][];
    for (int rank = 0; rank < universe; rank++) {
      byRank[rank] = new int[counts[rank]];
      counts[rank] = 0;
    }
    for (int i = 0; i < all.size(); i++) {
      for (int rank : all.get(i).ranks) {
        byRank[rank][counts[rank]++] = i;
      }
    }
    return new Requirements(all, byRank);
  }

  private static Need overridden(SolverPackage from, Need need, SolverRequest request) {
    VersionRange range = request.effective(from.name, need);
    return range.equals(need.range())
        ? need
        : new Need(need.name(), range, need.features(), need.origin());
  }

  private static void collect(
      SolverPackage pkg, int rank, Need need, boolean constraint, Map<Key, Group> groups) {
    // Several files of a workspace may ask for the same, and each is to be named.
    String origin = pkg.kind == SolverPackage.Kind.PROJECT ? need.origin() : "";
    Key key = new Key(need.name(), need.range().text(), need.features(), constraint, origin);
    Ints ranks = groups.computeIfAbsent(key, k -> new Group(need, new Ints(2))).ranks();
    if (ranks.isEmpty() || ranks.get(ranks.size() - 1) != rank) {
      ranks.add(rank);
    }
  }

  private static List<Need> needs(SolverPackage pkg, int rank, SolverRequest request) {
    return switch (pkg.kind) {
      case PROJECT -> request.roots();
      case VERSIONS -> pkg.candidates.get(rank).needs();
      case FEATURE -> {
        Candidate.Feature feature = pkg.candidates.get(rank).features().get(pkg.feature);
        yield feature == null ? List.of() : feature.needs();
      }
      case CHOICE -> List.of();
    };
  }
}
