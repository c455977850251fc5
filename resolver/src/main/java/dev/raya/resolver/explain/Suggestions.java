package dev.raya.resolver.explain;

import dev.raya.resolver.solve.CandidateSource;
import dev.raya.resolver.solve.Core;
import dev.raya.resolver.solve.CoreNeed;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Looks for single changes that make a request solvable, and tries each by solving. */
final class Suggestions {
  private static final int MOST = 3;

  /** Requirements of the project that are tried at most. */
  private static final int MOST_PROBES = 16;

  private final SolverRequest request;
  private final CandidateSource source;
  private final Availability availability;
  private final List<Suggestion> found = new ArrayList<>();

  private Suggestions(
      SolverRequest request, CandidateSource source, Availability availability, long budget) {
    this.request = request.withConflictBudget(budget);
    this.source = source;
    this.availability = availability;
  }

  /**
   * Up to three changes, each of which alone leads to a solution.
   *
   * @param budget conflicts that one try may take
   */
  static List<Suggestion> of(
      SolverRequest request,
      CandidateSource source,
      Availability availability,
      Core core,
      long budget) {
    Suggestions suggestions = new Suggestions(request, source, availability, budget);
    suggestions.dropOverrides(core);
    suggestions.allowPreReleases(core);
    suggestions.changeRanges(core);
    return List.copyOf(suggestions.found);
  }

  private void dropOverrides(Core core) {
    for (Map.Entry<String, VersionRange> override : request.overrides().entrySet()) {
      String key = override.getKey();
      String name = key.substring(key.indexOf('>') + 1);
      if (found.size() < MOST
          && core.needs().stream().anyMatch(need -> need.need().name().equals(name))) {
        Map<String, VersionRange> rest = new TreeMap<>(request.overrides());
        rest.remove(key);
        if (solve(request.withOverrides(rest)) != null) {
          found.add(new Suggestion.DropOverride(key, override.getValue()));
        }
      }
    }
  }

  private void allowPreReleases(Core core) {
    boolean some =
        core.needs().stream()
            .anyMatch(need -> availability.leftOut(need).containsValue(Availability.PRE_RELEASE));
    if (found.size() < MOST && some && solve(request.withPreReleases(true)) != null) {
      found.add(new Suggestion.AllowPreReleases());
    }
  }

  private void changeRanges(Core core) {
    int probes = 0;
    for (CoreNeed need : core.needs()) {
      if (need.isDirect() && found.size() < MOST && probes++ < MOST_PROBES) {
        Suggestion suggestion = changeRange(need.need());
        if (suggestion != null) {
          found.add(suggestion);
        }
      }
    }
  }

  /** The range of the version that would be chosen if any were asked for. */
  private @Nullable Suggestion changeRange(Need stated) {
    if (!request.effective("", stated).equals(stated.range())) {
      return null;
    }
    Solved open = solve(with(stated, VersionRange.ANY));
    if (open == null) {
      return null;
    }
    for (Chosen chosen : open.chosen().reversed()) {
      if (chosen.name().equals(stated.name())) {
        Version version = chosen.version();
        VersionRange range = VersionRange.caret(version);
        return solve(with(stated, range)) == null
            ? null
            : new Suggestion.ChangeRange(
                stated.name(), stated.origin(), stated.range(), range, version);
      }
    }
    return null;
  }

  private SolverRequest with(Need stated, VersionRange range) {
    List<Need> roots = new ArrayList<>();
    for (Need root : request.roots()) {
      roots.add(
          root.equals(stated)
              ? new Need(root.name(), range, root.features(), root.origin())
              : root);
    }
    return request.withRoots(roots);
  }

  private @Nullable Solved solve(SolverRequest changed) {
    SolverResult result = new Solver(changed, source).solve();
    return result instanceof Solved solved ? solved : null;
  }
}
