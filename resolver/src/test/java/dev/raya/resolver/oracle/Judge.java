package dev.raya.resolver.oracle;

import dev.raya.resolver.oracle.PlainProblem.Need;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with an answer, by the text of the problem and of the answer alone. */
final class Judge {
  /** Releases of a problem above which no exchanges are tried, each of which is a question. */
  private static final int MOST_EXCHANGED = 400;

  private final PlainProblem problem;
  private final SatOracle oracle;
  private final Map<String, List<Need>> byPackage = new HashMap<>();

  Judge(String problem) {
    this.problem = new PlainProblem(JsonText.object(problem));
    this.oracle = new SatOracle(this.problem);
    for (Need need : this.problem.needs) {
      byPackage.computeIfAbsent(need.pkg(), n -> new ArrayList<>()).add(need);
    }
  }

  private List<Need> of(String pkg) {
    return byPackage.getOrDefault(pkg, List.of());
  }

  boolean isSatisfiable() {
    return oracle.isSatisfiable();
  }

  /** Whether a solution exists without what the project asks of a package. */
  boolean isSatisfiableWithout(String root) {
    return oracle.isSatisfiable(
        problem.needs.stream()
            .filter(need -> !(need.pkg().isEmpty() && need.dep().equals(root)))
            .toList(),
        List.of());
  }

  Set<String> roots() {
    Set<String> roots = new LinkedHashSet<>();
    problem.needs.stream().filter(n -> n.pkg().isEmpty()).forEach(n -> roots.add(n.dep()));
    return roots;
  }

  // --- solutions

  /**
   * What is wrong with a solution: needs that are not met, extras, versions that could be changed
   * for preferred ones.
   *
   * @param versions the answer's member of that name
   */
  List<String> faults(Map<String, @Nullable Object> versions) {
    Map<String, Set<PlainVersion>> chosen = new TreeMap<>();
    List<String> faults = new ArrayList<>();
    versions.forEach(
        (name, value) -> {
          Set<PlainVersion> of = new TreeSet<>();
          List<@Nullable Object> list =
              value instanceof String text ? List.of(text) : JsonText.list(value);
          list.forEach(text -> of.add(PlainVersion.of(JsonText.string(text))));
          if (!problem.releases(name).keySet().containsAll(of)) {
            faults.add("there is no " + name + ' ' + value);
          }
          chosen.put(name, of);
        });
    if (!oracle.isSatisfiable(problem.needs, oracle.exactly(chosen))) {
      faults.add("not a solution: " + versions);
      return faults;
    }
    extras(chosen, faults);
    if (problem.packages.values().stream().mapToInt(Map::size).sum() > MOST_EXCHANGED) {
      return faults;
    }
    preferences(chosen, faults);
    if (!problem.majors && problem.locked.isEmpty() && faults.isEmpty()) {
      roots(chosen, faults);
    }
    return faults;
  }

  /** Every chosen version must be pulled in. */
  private void extras(Map<String, Set<PlainVersion>> chosen, List<String> faults) {
    Set<String> reached = new HashSet<>();
    active(chosen, reached);
    chosen.forEach(
        (name, of) ->
            of.forEach(
                version -> {
                  if (!reached.contains(extra(name, version))) {
                    faults.add(extra(name, version));
                  }
                }));
  }

  private Set<Need> active(Map<String, Set<PlainVersion>> chosen) {
    return active(chosen, new HashSet<>());
  }

  /**
   * The needs of the project and of all that they pull in.
   *
   * @param reached takes up what is pulled in
   */
  private Set<Need> active(Map<String, Set<PlainVersion>> chosen, Set<String> reached) {
    Set<Need> seen = new HashSet<>(of(""));
    Deque<Need> open = new ArrayDeque<>(of(""));
    while (!open.isEmpty()) {
      Need need = open.poll();
      for (PlainVersion version : chosen.getOrDefault(need.dep(), Set.of())) {
        if (!problem.matches(need.range(), version) || !hasFeatures(need, version)) {
          continue;
        }
        Set<String> features = need.pkg().isEmpty() ? features(need.dep(), version) : Set.of();
        reached.add(extra(need.dep(), version));
        for (Need next : of(need.dep())) {
          if (version.equals(next.version())
              && !next.constraint()
              && (next.feature().isEmpty() || features.contains(next.feature()))
              && seen.add(next)) {
            open.add(next);
          }
        }
      }
    }
    return seen;
  }

  private String extra(String name, PlainVersion version) {
    return "nobody needs " + name + ' ' + text(name, version);
  }

  private boolean hasFeatures(Need need, PlainVersion version) {
    PlainProblem.Release release = problem.releases(need.dep()).get(version);
    return !need.pkg().isEmpty()
        || release != null
            && release
                .features()
                .keySet()
                .containsAll(problem.rootFeatures.getOrDefault(need.dep(), List.of()));
  }

  private Set<String> features(String name, PlainVersion version) {
    Set<String> on = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(problem.rootFeatures.getOrDefault(name, List.of()));
    while (!open.isEmpty()) {
      String feature = open.poll();
      PlainProblem.Release release = problem.releases(name).get(version);
      if (on.add(feature) && release != null) {
        open.addAll(release.features().getOrDefault(feature, List.of()));
      }
    }
    return on;
  }

  /** Whether a version is preferred to another of the same name, locks aside. */
  private boolean isBetter(String name, PlainVersion version, PlainVersion than) {
    boolean lowest =
        switch (problem.prefer) {
          case "lowest" -> true;
          case "lowest-direct" -> roots().contains(name);
          default -> false;
        };
    return lowest ? version.compareTo(than) < 0 : version.compareTo(than) > 0;
  }

  /** No version may be exchanged alone for a preferred one, or for the locked one. */
  private void preferences(Map<String, Set<PlainVersion>> chosen, List<String> faults) {
    chosen.forEach(
        (name, of) -> {
          PlainVersion locked = problem.locked.get(name);
          for (PlainVersion version : of) {
            for (PlainVersion other : problem.releases(name).keySet()) {
              boolean sameLine = problem.isSingle(name) || other.group().equals(version.group());
              boolean better =
                  !version.equals(locked)
                      && (other.equals(locked) || isBetter(name, other, version));
              if (sameLine
                  && better
                  && !of.contains(other)
                  && offersSame(name, version, other)
                  && meetsSame(chosen, name, version, other)) {
                Map<String, Set<PlainVersion>> changed = new TreeMap<>(chosen);
                Set<PlainVersion> exchanged = new TreeSet<>(of);
                exchanged.remove(version);
                exchanged.add(other);
                changed.put(name, exchanged);
                List<String> left = new ArrayList<>();
                extras(changed, left);
                if (!left.contains(extra(name, other))
                    && oracle.isSatisfiable(problem.needs, oracle.exactly(changed))) {
                  faults.add(name + ' ' + text(name, version) + " could be " + text(name, other));
                }
              }
            }
          }
        });
  }

  /**
   * Whether a version has those features of another that the project asks for. A version without
   * them could only take its place if another line took over what the project asks for, which is
   * another choice of lines and no exchange.
   */
  private boolean offersSame(String name, PlainVersion version, PlainVersion other) {
    Set<String> on = new TreeSet<>(problem.rootFeatures.getOrDefault(name, List.of()));
    PlainProblem.Release of = problem.releases(name).get(version);
    PlainProblem.Release instead = problem.releases(name).get(other);
    return of != null
        && instead != null
        && (!of.features().keySet().containsAll(on) || instead.features().keySet().containsAll(on));
  }

  /**
   * Whether a version meets the needs that another one is the best chosen version for. Where it
   * does not, another line would have to take a need over, with a version that is less preferred:
   * again another choice of lines.
   */
  private boolean meetsSame(
      Map<String, Set<PlainVersion>> chosen,
      String name,
      PlainVersion version,
      PlainVersion other) {
    for (Need need : active(chosen)) {
      if (need.dep().equals(name)
          && !need.constraint()
          && problem.matches(need.range(), version)
          && !problem.matches(need.range(), other)
          && chosen.getOrDefault(name, Set.of()).stream()
              .noneMatch(
                  third ->
                      problem.matches(need.range(), third) && isBetter(name, third, version))) {
        return false;
      }
    }
    return true;
  }

  private String text(String name, PlainVersion version) {
    PlainProblem.Release release = problem.releases(name).get(version);
    return release == null ? version.toString() : release.text();
  }

  /**
   * No other solution is at least as good in everything that the project asks for itself and better
   * in one of it.
   */
  private void roots(Map<String, Set<PlainVersion>> chosen, List<String> faults) {
    List<Integer> notWorse = new ArrayList<>();
    for (String name : roots()) {
      PlainVersion own = chosen.getOrDefault(name, Set.of()).iterator().next();
      for (PlainVersion other : problem.releases(name).keySet()) {
        if (!other.equals(own) && !isBetter(name, other, own)) {
          notWorse.add(-oracle.chosen(name, other));
        }
      }
    }
    for (String name : roots()) {
      PlainVersion own = chosen.getOrDefault(name, Set.of()).iterator().next();
      List<Integer> literals = new ArrayList<>(notWorse);
      literals.add(-oracle.chosen(name, own));
      if (oracle.isSatisfiable(problem.needs, literals)) {
        faults.add(
            "asked for by the project: " + name + ' ' + text(name, own) + " could be better");
      }
    }
  }

  // --- cores

  /**
   * What is wrong with a core: that it has a solution, or that an entry can be left out.
   *
   * @param minimal whether none may be left out
   */
  List<String> coreFaults(List<@Nullable Object> core, boolean minimal) {
    List<String> faults = new ArrayList<>();
    List<List<Need>> entries = new ArrayList<>();
    for (Object entry : core) {
      List<Need> meant = meant(JsonText.map(entry));
      if (meant.isEmpty()) {
        faults.add("no need of the problem: " + JsonText.write(entry));
      }
      entries.add(meant);
    }
    if (oracle.isSatisfiable(all(entries, -1), List.of())) {
      faults.add("the core has a solution: " + JsonText.write(core));
    }
    for (int i = 0; minimal && i < entries.size(); i++) {
      if (!oracle.isSatisfiable(all(entries, i), List.of())) {
        faults.add("not indispensable: " + JsonText.write(core.get(i)));
      }
    }
    return faults;
  }

  private static Collection<Need> all(List<List<Need>> entries, int but) {
    Set<Need> needs = new LinkedHashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      if (i != but) {
        needs.addAll(entries.get(i));
      }
    }
    return needs;
  }

  private List<Need> meant(Map<String, @Nullable Object> entry) {
    String pkg = entry.get("pkg") instanceof String name ? name : "";
    PlainRange versions = PlainRange.of(JsonText.string(entry.get("versions")));
    String dep = JsonText.string(entry.get("dep"));
    PlainRange range = PlainRange.of(JsonText.string(entry.get("range")));
    List<Need> meant = new ArrayList<>();
    for (Need need : of(pkg)) {
      PlainVersion version = need.version();
      if (need.dep().equals(dep)
          && (version == null || versions.contains(version))
          && need.stated().means(range, problem.releases(dep).keySet())) {
        meant.add(need);
      }
    }
    return meant;
  }
}
