package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.resolver.explain.Conflict;
import dev.raya.resolver.explain.Explainer;
import dev.raya.resolver.explain.LeftOut;
import dev.raya.resolver.explain.ResolutionException;
import dev.raya.resolver.explain.Suggestion;
import dev.raya.resolver.index.IndexSource.IndexAnswer;
import dev.raya.resolver.manifest.SourcePosition;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.ProjectResolution;
import dev.raya.resolver.solve.SolverResult;
import java.util.ArrayList;
import java.util.List;

/**
 * A failed resolution as a finding: what contradicts what in words, derived from the user's own
 * requirements, and as JSON for programs.
 */
final class ResolutionFailures {
  private static final int SHOWN_NAMES = 5;

  private ResolutionFailures() {}

  /** The failure of a resolution; what was held back is said first, since it may be malware. */
  static CommandException of(ProjectResolution.Failed failed, Quarantine quarantine) {
    return switch (failed.result()) {
      case SolverResult.Unsolvable unsolvable -> {
        ResolutionException refusal =
            new Explainer(
                    failed.request(),
                    failed.candidates(),
                    failed.situation(),
                    Explainer.DEFAULT_EFFORT)
                .refusal(unsolvable);
        if (refusal instanceof ResolutionException.NoSuchPackage unknown) {
          refusal = unknown.withNearest(nearest(failed, unknown.name()));
        }
        Conflict conflict = refusal.conflict();
        List<Finding> findings =
            conflict == null
                ? new ArrayList<>()
                : new ArrayList<>(quarantine.findings(conflict.leftOut()));
        findings.add(finding(refusal));
        yield new CommandException(findings);
      }
      case SolverResult.GaveUp gaveUp ->
          new CommandException(
              "RAYA-RES-005",
              "the search was given up after "
                  + gaveUp.statistics().conflicts()
                  + " dead ends, before it found a solution or proved that there is none",
              "narrow ranges, or keep more versions locked");
      case SolverResult.Solved solved ->
          throw new IllegalStateException("a solution is no failure");
    };
  }

  private static List<String> nearest(ProjectResolution.Failed failed, String name) {
    List<String> names = new ArrayList<>();
    if (failed.candidates().answer(name) instanceof IndexAnswer.Absent(var nearest)) {
      for (PackageName each : nearest) {
        if (names.size() < SHOWN_NAMES) {
          names.add(each.text());
        }
      }
    }
    return names;
  }

  private static Finding finding(ResolutionException refusal) {
    Finding finding = Finding.error(refusal.code(), refusal.headline());
    Conflict conflict = refusal.conflict();
    if (conflict == null) {
      return finding;
    }
    SourcePosition place = conflict.place();
    if (place != null) {
      finding = finding.at(Manifests.span(place));
    }
    finding = finding.withExcerpt(conflict.derivationText());
    for (LeftOut left : conflict.leftOut()) {
      finding = finding.note(left.text());
    }
    for (Suggestion suggestion : conflict.suggestions()) {
      finding = finding.withAdvice(suggestion.text() + " (tried: this resolves)");
    }
    return finding.explained(conflict.json());
  }

  /** RAYA-RES-002 for a name on the command line. */
  static Finding noSuchPackage(PackageName name, List<PackageName> nearest) {
    Finding finding = Finding.error("RAYA-RES-002", "There is no package " + name + ".");
    List<String> names = new ArrayList<>();
    for (PackageName each : nearest) {
      names.add(each.text());
    }
    return names.isEmpty()
        ? finding.note("`raya-pm search " + name.simpleName() + "` looks for others")
        : finding.note("did you mean " + String.join(", ", names) + "?");
  }
}
