package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource.IndexAnswer;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.ProjectResolution;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.Refutation;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A failed resolution as findings: unknown names and versions first, else the contradiction. */
final class ResolutionFailures {
  private static final int SHOWN_VERSIONS = 8;

  private ResolutionFailures() {}

  /** The failure of a resolution. */
  static CommandException of(ProjectResolution.Failed failed) {
    if (!(failed.result() instanceof SolverResult.Unsolvable(Refutation refutation, var cost))) {
      return new CommandException(
          "RAYA-RES-005",
          "the search was given up before it found a solution or proved that there is none",
          "narrow ranges, or keep more versions locked");
    }
    List<Finding> findings = new ArrayList<>();
    TreeSet<String> told = new TreeSet<>();
    for (Refutation.Fact fact : refutation.facts()) {
      Need need = fact.need();
      if (fact.kind() == Refutation.FactKind.REQUIREMENT && need != null && told.add(need.name())) {
        Finding finding = unmeetable(failed, fact, need);
        if (finding != null) {
          findings.add(finding);
        }
      }
    }
    return findings.isEmpty()
        ? new CommandException(contradiction(refutation))
        : new CommandException(findings);
  }

  /** A requirement that nothing meets by itself: no such package, or no such version. */
  private static @Nullable Finding unmeetable(
      ProjectResolution.Failed failed, Refutation.Fact fact, Need need) {
    PackageName name = PackageName.tryParse(need.name());
    if (name == null) {
      return null;
    }
    return switch (failed.candidates().answer(name)) {
      case IndexAnswer.Absent(List<PackageName> nearest) ->
          noSuchPackage(name, nearest, asker(fact, need));
      case IndexAnswer.Found(IndexDocument document) -> unmeetable(document, fact, need);
      case null -> null;
    };
  }

  /** RAYA-RES-002. */
  static Finding noSuchPackage(PackageName name, List<PackageName> nearest, String asker) {
    Finding finding = Finding.error("RAYA-RES-002", "there is no package " + name);
    if (!asker.isEmpty()) {
      finding = finding.note(asker + " asks for it");
    }
    if (!nearest.isEmpty()) {
      List<String> names = new ArrayList<>();
      for (PackageName each : nearest) {
        names.add(each.text());
      }
      finding = finding.note("did you mean " + String.join(", ", names) + "?");
    }
    return finding;
  }

  private static @Nullable Finding unmeetable(
      IndexDocument document, Refutation.Fact fact, Need need) {
    List<String> versions = new ArrayList<>();
    boolean inRange = false;
    for (VersionLine line : document.versions().reversed()) {
      inRange |= need.range().contains(line.version());
      if (versions.size() < SHOWN_VERSIONS) {
        versions.add(line.version().text());
      }
    }
    if (inRange) {
      return null;
    }
    return Finding.error(
        "RAYA-RES-003",
        "no version of " + need.name() + " is in " + need.range(),
        asker(fact, need) + " asks for it",
        versions.isEmpty()
            ? "it has no version at all"
            : "there are " + String.join(", ", versions));
  }

  private static String asker(Refutation.Fact fact, Need need) {
    if (!need.origin().isEmpty()) {
      return need.origin();
    }
    return fact.from().isEmpty() ? "the project" : fact.from() + " " + versions(fact.versions());
  }

  private static String versions(List<Version> versions) {
    List<String> texts = new ArrayList<>();
    for (Version version : versions) {
      if (texts.size() == SHOWN_VERSIONS) {
        texts.add("…");
        break;
      }
      texts.add(version.text());
    }
    return String.join(", ", texts);
  }

  private static Finding contradiction(Refutation refutation) {
    Finding finding =
        Finding.error("RAYA-RES-001", "no choice of versions meets every requirement");
    for (Refutation.Fact fact : refutation.facts()) {
      Need need = fact.need();
      if (need != null) {
        String verb = fact.kind() == Refutation.FactKind.CONSTRAINT ? " allows only " : " needs ";
        finding = finding.note(asker(fact, need) + verb + need.name() + " " + need.range());
      }
    }
    return finding.note("relax one of these, or override a version in [resolution.override]");
  }
}
