package dev.raya.resolver.solve;

import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Leaves out of a solution what nobody needs. Where lines of one name live side by side, a
 * requirement that several of them meet was decided before it was known which of them must be there
 * anyway; here it is met by one of those, and what only it had brought in goes.
 */
final class Closure {
  private final Catalog catalog;
  private final Map<String, List<Part>> byName = new HashMap<>();
  private final Deque<Asked> open = new ArrayDeque<>();
  private final List<Asked> undecided = new ArrayList<>();

  /** A chosen version and what of it is reached so far. */
  private static final class Part {
    final SolverPackage pkg;
    final int rank;
    final List<String> features;
    final Set<String> reached = new LinkedHashSet<>();
    boolean needed;

    Part(SolverPackage pkg, int rank, List<String> features) {
      this.pkg = pkg;
      this.rank = rank;
      this.features = features;
    }
  }

  /**
   * A requirement with its effective range.
   *
   * @param lowest whether the lowest of several versions that meet it is preferred
   */
  private record Asked(String name, VersionRange range, List<String> features, boolean lowest) {}

  private Closure(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * What a search decided about a package.
   *
   * @param rank its version
   * @param features those that are on
   */
  record Decided(int rank, List<String> features) {}

  /**
   * The part of a solution that the roots pull in.
   *
   * @param solution decided packages
   */
  static List<Chosen> of(Catalog catalog, List<Need> roots, Map<SolverPackage, Decided> solution) {
    Closure closure = new Closure(catalog);
    solution.forEach(
        (pkg, decided) ->
            closure
                .byName
                .computeIfAbsent(pkg.name, n -> new ArrayList<>())
                .add(new Part(pkg, decided.rank(), decided.features())));
    closure.follow(catalog.project, roots);
    closure.run();
    List<Chosen> chosen = new ArrayList<>();
    closure.byName.values().stream()
        .flatMap(List::stream)
        .filter(part -> part.needed)
        .forEach(
            part ->
                chosen.add(
                    new Chosen(
                        part.pkg.name,
                        part.pkg.version(part.rank),
                        part.reached.stream().sorted().toList())));
    return chosen;
  }

  private void follow(SolverPackage from, List<Need> needs) {
    boolean lowest =
        switch (catalog.request().preference()) {
          case HIGHEST -> false;
          case LOWEST -> true;
          case LOWEST_DIRECT -> from == catalog.project;
        };
    for (Need need : needs) {
      open.add(new Asked(need.name(), catalog.effective(from, need), need.features(), lowest));
    }
  }

  private void run() {
    while (true) {
      while (!open.isEmpty()) {
        Asked asked = open.poll();
        List<Part> meeting = meeting(asked);
        if (meeting.size() == 1) {
          reach(meeting.getFirst(), asked.features());
        } else {
          undecided.add(asked);
        }
      }
      share();
      if (open.isEmpty()) {
        if (undecided.isEmpty()) {
          return;
        }
        Asked first = undecided.removeFirst();
        List<Part> ascending = meeting(first);
        reach(first.lowest() ? ascending.getFirst() : ascending.getLast(), first.features());
      }
    }
  }

  /** Meets what is undecided by what is there anyway. */
  private void share() {
    for (Iterator<Asked> i = undecided.iterator(); i.hasNext(); ) {
      Asked asked = i.next();
      for (Part part : meeting(asked)) {
        if (part.needed) {
          reach(part, asked.features());
          i.remove();
          break;
        }
      }
    }
  }

  private List<Part> meeting(Asked asked) {
    List<Part> meeting = new ArrayList<>();
    boolean preReleases = catalog.request().preReleases();
    for (Part part : byName.getOrDefault(asked.name(), List.of())) {
      if (asked.range().matches(part.pkg.version(part.rank), preReleases)
          && part.features.containsAll(switchable(part, asked.features()))) {
        meeting.add(part);
      }
    }
    return meeting;
  }

  /** What is asked of a part without {@code default} where the version has no such feature. */
  private static List<String> switchable(Part part, List<String> asked) {
    boolean hasDefault =
        part.pkg.candidates.get(part.rank).features().containsKey(Candidate.DEFAULT_FEATURE);
    return hasDefault
        ? asked
        : asked.stream().filter(name -> !name.equals(Candidate.DEFAULT_FEATURE)).toList();
  }

  private void reach(Part part, List<String> features) {
    Candidate candidate = part.pkg.candidates.get(part.rank);
    if (!part.needed) {
      part.needed = true;
      follow(part.pkg, candidate.needs());
    }
    Deque<String> switched = new ArrayDeque<>(features);
    while (!switched.isEmpty()) {
      String name = switched.poll();
      Candidate.Feature feature = candidate.features().get(name);
      if (feature == null && name.equals(Candidate.DEFAULT_FEATURE)) {
        continue;
      }
      if (part.reached.add(name) && feature != null) {
        follow(part.pkg, feature.needs());
        switched.addAll(feature.features());
      }
    }
  }
}
