package dev.raya.resolver.explain;

import dev.raya.resolver.solve.CandidateSource;
import dev.raya.resolver.solve.Core;
import dev.raya.resolver.solve.CoreNeed;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverRequest.Mode;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Looks for single changes that make a request solvable, and tries each by solving. Only what the
 * core names is worth a try: whatever else is changed, the core stays a contradiction.
 */
final class Suggestions {
  private static final int MOST = 3;

  /** Tried changes at most. */
  private static final int MOST_PROBES = 200;

  /** Conflicts that all tries together may take, as a multiple of what one may. */
  private static final int PROBES_WORTH = 4;

  /** Pre-releases of one package that are tried by name. */
  private static final int MOST_PRE_RELEASES = 16;

  private final SolverRequest request;
  private final CandidateSource source;
  private final Availability availability;
  private final Situation situation;
  private final Core core;
  private final List<Suggestion> found = new ArrayList<>();
  private int probes = MOST_PROBES;
  private long conflictsLeft;

  private Suggestions(Availability availability, Core core, long budget) {
    this.request = availability.request().withConflictBudget(budget);
    this.source = availability.source();
    this.availability = availability;
    this.situation = availability.situation();
    this.core = core;
    this.conflictsLeft = PROBES_WORTH * budget;
  }

  /**
   * Up to three changes, each of which alone leads to a solution. If changing or removing a single
   * requirement of the project does, there is at least one.
   *
   * @param budget conflicts that one try may take
   */
  static List<Suggestion> of(Availability availability, Core core, long budget) {
    Suggestions suggestions = new Suggestions(availability, core, budget);
    suggestions.dropOverrides();
    suggestions.allowPreReleases();
    suggestions.relax();
    suggestions.leaveStrict();
    suggestions.changeRequirements();
    suggestions.leaveOut();
    return List.copyOf(suggestions.found);
  }

  private void dropOverrides() {
    for (Map.Entry<String, VersionRange> override : request.overrides().entrySet()) {
      String key = override.getKey();
      String name = key.substring(key.indexOf('>') + 1);
      if (found.size() < MOST
          && core.needs().stream().anyMatch(need -> need.need().name().equals(name))) {
        Map<String, VersionRange> rest = new TreeMap<>(request.overrides());
        rest.remove(key);
        if (solve(request.withOverrides(rest), source) != null) {
          found.add(
              new Suggestion.DropOverride(
                  key, override.getValue(), situation.overrides().getOrDefault(key, "")));
        }
      }
    }
  }

  private void allowPreReleases() {
    boolean some = core.needs().stream().anyMatch(availability::leavesPreReleasesOut);
    if (found.size() < MOST && some && solve(request.withPreReleases(true), source) != null) {
      found.add(new Suggestion.AllowPreReleases());
    }
  }

  private void relax() {
    boolean some = core.needs().stream().anyMatch(need -> !availability.leftOut(need).isEmpty());
    for (Relaxation relaxation : some ? situation.relaxations() : List.<Relaxation>of()) {
      if (found.size() < MOST && solve(request, relaxation.source()) != null) {
        found.add(new Suggestion.Relax(relaxation.kind(), relaxation.text()));
      }
    }
  }

  private void leaveStrict() {
    if (found.size() < MOST
        && !situation.strict().isEmpty()
        && solve(request.withMode(Mode.MAJORS), source) != null) {
      found.add(new Suggestion.LeaveStrict(situation.strict()));
    }
  }

  private void changeRequirements() {
    for (CoreNeed need : core.needs()) {
      if (!need.isDirect() || found.size() >= MOST) {
        continue;
      }
      Need stated = need.need();
      Suggestion suggestion = changeRange(stated);
      List<String> features = stated.requiredFeatures();
      if (suggestion == null
          && !features.isEmpty()
          && solve(with(stated, stated.range(), withoutRequired(stated)), source) != null) {
        suggestion = new Suggestion.DropFeatures(stated.name(), stated.origin(), features);
      }
      if (suggestion != null) {
        found.add(suggestion);
      }
    }
  }

  private static List<String> withoutRequired(Need stated) {
    List<String> rest = new ArrayList<>(stated.features());
    rest.removeAll(stated.requiredFeatures());
    return rest;
  }

  /** The range of the version that would be chosen if any were asked for. */
  private @Nullable Suggestion changeRange(Need stated) {
    if (!request.effective("", stated).equals(stated.range())) {
      return null;
    }
    Solved open = solve(with(stated, VersionRange.ANY, stated.features()), source);
    if (open == null) {
      VersionRange named = withPreReleases(stated.name());
      open = named == null ? null : solve(with(stated, named, stated.features()), source);
    }
    if (open == null) {
      return null;
    }
    for (Chosen chosen : open.chosen().reversed()) {
      if (chosen.name().equals(stated.name())) {
        Version version = chosen.version();
        for (VersionRange range :
            List.of(VersionRange.caret(version), VersionRange.exactly(version))) {
          if (solve(with(stated, range, stated.features()), source) != null) {
            return new Suggestion.ChangeRange(
                stated.name(), stated.origin(), stated.range(), range, version);
          }
        }
      }
    }
    return null;
  }

  /** Every version, the newest pre-releases among them by name; null if that is none. */
  private @Nullable VersionRange withPreReleases(String name) {
    if (request.preReleases()) {
      return null;
    }
    StringBuilder text = new StringBuilder("*");
    int named = 0;
    for (Version version : availability.versions(name).reversed()) {
      String more = " || =" + version.precedence();
      if (version.isPreRelease()
          && named < MOST_PRE_RELEASES
          && text.length() + more.length() <= VersionRange.MAX_LENGTH) {
        text.append(more);
        named++;
      }
    }
    if (named == 0) {
      return null;
    }
    try {
      return VersionRange.parseWritten(text.toString());
    } catch (VersionException e) {
      throw new IllegalStateException("a range of versions that exist", e);
    }
  }

  /** If nothing else helps: what would resolve without one of the requirements. */
  private void leaveOut() {
    if (!found.isEmpty()) {
      return;
    }
    for (CoreNeed need : core.needs()) {
      if (need.isDirect() && found.size() < MOST) {
        List<Need> roots = new ArrayList<>(request.roots());
        roots.remove(need.need());
        if (solve(request.withRoots(roots), source) != null) {
          found.add(new Suggestion.LeaveOut(need.need().name(), need.need().origin()));
        }
      }
    }
  }

  private SolverRequest with(Need stated, VersionRange range, List<String> features) {
    List<Need> roots = new ArrayList<>();
    for (Need root : request.roots()) {
      roots.add(root.equals(stated) ? new Need(root.name(), range, features, root.origin()) : root);
    }
    return request.withRoots(roots);
  }

  private @Nullable Solved solve(SolverRequest changed, CandidateSource from) {
    if (probes-- <= 0 || conflictsLeft <= 0) {
      return null;
    }
    SolverResult result = new Solver(changed, from).solve();
    conflictsLeft -= result.statistics().conflicts();
    return result instanceof Solved solved ? solved : null;
  }
}
