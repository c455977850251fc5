package dev.raya.resolver.explain;

import dev.raya.resolver.solve.Core;
import dev.raya.resolver.solve.CoreNeed;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts a core into the order in which it reads: the project's own requirements, then below each
 * other what the versions that meet them require, down to what contradicts a line above. Each
 * requirement is one line.
 */
final class Derivation {
  private final Availability availability;
  private final List<CoreNeed> direct = new ArrayList<>();
  private final Map<String, List<CoreNeed>> byPackage = new LinkedHashMap<>();

  /** For each package and version of it where the requirements stand in {@link #byPackage}. */
  private final Map<String, Map<Version, BitSet>> byVersion = new HashMap<>();

  private final Map<String, List<CoreNeed>> printedOn = new HashMap<>();

  /** Each requirement of a core is one object. */
  private final Set<CoreNeed> printed = Collections.newSetFromMap(new IdentityHashMap<>());

  private final List<Step> steps = new ArrayList<>();

  /** A requirement to print, and the line above it. */
  private record Open(CoreNeed need, @Nullable Open above, int depth) {}

  private Derivation(Core core, List<Need> rootOrder, Availability availability) {
    this.availability = availability;
    for (CoreNeed need : core.needs()) {
      if (need.isDirect()) {
        direct.add(need);
      } else {
        byPackage.computeIfAbsent(need.pkg(), n -> new ArrayList<>()).add(need);
      }
    }
    direct.sort(Comparator.comparingInt(need -> rootOrder.indexOf(need.need())));
    for (List<CoreNeed> needs : byPackage.values()) {
      needs.sort(
          Comparator.comparing((CoreNeed need) -> need.versions().getLast())
              .reversed()
              .thenComparing(need -> need.need().name())
              .thenComparing(need -> need.need().range().text()));
    }
    byPackage.forEach(
        (pkg, needs) -> {
          Map<Version, BitSet> places = new HashMap<>();
          for (int i = 0; i < needs.size(); i++) {
            for (Version version : needs.get(i).versions()) {
              places.computeIfAbsent(version, v -> new BitSet()).set(i);
            }
          }
          byVersion.put(pkg, places);
        });
  }

  /** The lines of a core. */
  static List<Step> of(Core core, List<Need> rootOrder, Availability availability) {
    Derivation derivation = new Derivation(core, rootOrder, availability);
    derivation.run();
    return List.copyOf(derivation.steps);
  }

  private void run() {
    for (CoreNeed need : direct) {
      print(new Open(need, null, 0));
    }
    for (CoreNeed need : direct) {
      below(new Open(need, null, 0));
    }
    // A version may be reached only through a choice that the lines above do not show.
    for (List<CoreNeed> needs : byPackage.values()) {
      for (CoreNeed need : needs) {
        if (!printed.contains(need)) {
          Open start = new Open(need, null, 1);
          print(start);
          below(start);
        }
      }
    }
  }

  private void below(Open start) {
    Deque<Open> open = new ArrayDeque<>();
    push(open, start);
    while (!open.isEmpty()) {
      Open next = open.pop();
      if (!printed.contains(next.need())) {
        print(next);
        push(open, next);
      }
    }
  }

  /** What the versions that meet a requirement require, to be printed next, in their order. */
  private void push(Deque<Open> open, Open from) {
    CoreNeed need = from.need();
    if (need.constraint()) {
      return;
    }
    String name = need.need().name();
    List<CoreNeed> children = byPackage.getOrDefault(name, List.of());
    if (children.isEmpty()) {
      return;
    }
    Map<Version, BitSet> places = byVersion.getOrDefault(name, Map.of());
    BitSet next = new BitSet();
    for (Version version : availability.meeting(need)) {
      next.or(places.getOrDefault(version, new BitSet()));
    }
    for (int i = next.previousSetBit(next.length()); i >= 0; i = next.previousSetBit(i - 1)) {
      if (!printed.contains(children.get(i))) {
        open.push(new Open(children.get(i), from, from.depth() + 1));
      }
    }
  }

  private void print(Open line) {
    CoreNeed need = line.need();
    List<CoreNeed> before = printedOn.computeIfAbsent(need.need().name(), n -> new ArrayList<>());
    steps.add(step(need, line.depth(), remarks(line, before)));
    before.add(need);
    printed.add(need);
  }

  private Step step(CoreNeed need, int depth, List<String> remarks) {
    VersionRange effective = availability.effective(need);
    VersionRange stated = need.need().range();
    boolean overridden = !effective.equals(stated);
    return new Step(
        depth,
        need.pkg(),
        need.feature(),
        need.isDirect() ? "*" : VersionSpan.of(availability.versions(need.pkg()), need.versions()),
        need.need().name(),
        stated,
        need.need().requiredFeatures(),
        need.need().origin(),
        need.constraint(),
        overridden ? effective : null,
        overridden ? availability.situation().overrideOf(need.pkg(), need.need().name()) : "",
        remarks);
  }

  private List<String> remarks(Open line, List<CoreNeed> before) {
    CoreNeed need = line.need();
    String name = need.need().name();
    switch (availability.state(need)) {
      case NO_PACKAGE:
        return List.of("there is no package " + name);
      case NO_VERSION:
        return List.of(
            "there is no such version, only " + LeftOut.list(availability.versions(name)));
      case ONLY_MASKED:
        return List.of("every such version is left out");
      case NO_FEATURE:
        return List.of(
            "no such version has the feature "
                + String.join(" and ", need.need().requiredFeatures()));
      case MET:
        break;
    }
    String chosen = chosenAbove(line);
    if (!chosen.isEmpty()) {
      return List.of(chosen);
    }
    List<CoreNeed> together = new ArrayList<>();
    List<String> clashes = new ArrayList<>();
    String single = "";
    Map<String, List<CoreNeed>> above = above(line);
    for (CoreNeed other : before) {
      if (together(above.getOrDefault(other.pkg(), List.of()), other)) {
        together.add(other);
        if (availability.clash(List.of(other, need))) {
          clashes.add(reference(other));
          String why =
              availability.whySingle(name, availability.meeting(other), availability.meeting(need));
          single =
              single.isEmpty() && !why.isEmpty() ? ": " + name + " is a package " + why : single;
        }
      }
    }
    if (clashes.isEmpty() && together.size() > 1) {
      List<CoreNeed> all = new ArrayList<>(together);
      all.add(need);
      if (!availability.clash(together) && availability.clash(all)) {
        together.forEach(other -> clashes.add(reference(other)));
      }
    }
    return clashes.isEmpty() ? List.of() : List.of(String.join(" and ", clashes) + single);
  }

  /** A line above is about other versions of the package than those that are required here. */
  private String chosenAbove(Open line) {
    List<Version> meeting = availability.meeting(line.need());
    for (Open above = line; above != null; above = above.above()) {
      CoreNeed from = above.need();
      if (from.pkg().equals(line.need().need().name())
          && !line.need().constraint()
          && from.versions().stream().noneMatch(meeting::contains)
          && availability.isSingle(from.pkg(), from.versions(), meeting)) {
        return "here "
            + from.pkg()
            + " is "
            + VersionSpan.of(availability.versions(from.pkg()), from.versions());
      }
    }
    return "";
  }

  /** A line and those above it, but for the project's, by the package that requires. */
  private static Map<String, List<CoreNeed>> above(Open line) {
    Map<String, List<CoreNeed>> above = new HashMap<>();
    for (Open at = line; at != null; at = at.above()) {
      if (!at.need().isDirect()) {
        above.computeIfAbsent(at.need().pkg(), n -> new ArrayList<>(1)).add(at.need());
      }
    }
    return above;
  }

  /**
   * Whether two requirements can hold at once: not those of two versions of one package.
   *
   * @param above the lines above one of them about the package of the other
   */
  private boolean together(List<CoreNeed> above, CoreNeed other) {
    for (CoreNeed from : above) {
      if (from.versions().stream().noneMatch(other.versions()::contains)
          && availability.isSingle(from.pkg(), from.versions(), other.versions())) {
        return false;
      }
    }
    return true;
  }

  private String reference(CoreNeed other) {
    Step step = step(other, 0, List.of());
    String verb =
        other.constraint() ? " allows only " : other.isDirect() ? " asks for " : " needs ";
    VersionRange override = step.override();
    return step.who() + verb + RangeWords.of(override == null ? step.stated() : override);
  }
}
