package dev.raya.cli.pm.command;

import dev.raya.cache.archive.ArchiveFacts;
import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.install.PublishedVersion;
import dev.raya.cli.pm.install.Resolutions;
import dev.raya.cli.pm.project.BuildFailure;
import dev.raya.cli.pm.rebuild.Comparison;
import dev.raya.cli.pm.rebuild.Rebuild;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.signing.statement.BuildProvenance;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** {@code rebuild PKG@V}: builds a published version again from its provenance, and compares. */
final class RebuildCommand implements Command {
  private static final String PACKAGE = "PKG@V";
  private static final String SOURCE = "--source";
  private static final String NOT_REPRODUCIBLE = "RAYA-PKG-011";

  static CommandSpec spec() {
    return CommandSpec.named("rebuild", "build a published version again and compare")
        .description(
            """
            Verifies the version and its provenance, checks out the commit that it names, builds
            the package with this toolchain and compares the archive, then its files. The same
            content in another compression is a success. Nothing of the sources runs.""")
        .positional(PACKAGE, PositionalSpec.Arity.ONE, "the version")
        .options(
            OptionSpec.value(SOURCE, "URL", "take the commit from this copy of the repository"),
            PackCommand.ALLOW_SECRET)
        .example("raya-pm rebuild logging@1.2.3", "is it what its repository holds?")
        .example(
            "raya-pm rebuild logging@1.2.3 --source file:///src/logging",
            "with a clone of one's own: the commit's id stands for its content")
        .runs(new RebuildCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console)
      throws CommandException, InterruptedException {
    PackageArgument wanted = PackageArgument.withVersion(arguments.required(PACKAGE));
    try (Session session = Offline.refused(Session.of(arguments, console), "rebuilding");
        WorkFolder work = WorkFolder.in(session);
        Resolutions resolutions = new Resolutions(session, List.of(wanted.name()))) {
      IndexDocument document = PublishedVersion.document(resolutions, wanted.name());
      Rebuild rebuild = Rebuild.of(session, document, resolutions.origin(), wanted.version());
      tellSource(console, rebuild);
      Comparison comparison =
          rebuild.compare(
              arguments.value(SOURCE),
              Set.copyOf(arguments.values(PackCommand.ALLOW_SECRET.name())),
              work.path());
      return tell(console, rebuild, comparison);
    } catch (BuildFailure refused) {
      return refused.report(console);
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  private static void tellSource(Console console, Rebuild rebuild) {
    BuildProvenance.Source source = rebuild.provenance().source();
    console.status(
        "building "
            + rebuild.claim().label()
            + " from "
            + source.repository()
            + (source.directory().isEmpty() ? "" : ", folder " + source.directory())
            + " at "
            + source.commit());
  }

  private static int tell(Console console, Rebuild rebuild, Comparison comparison) {
    String label = rebuild.claim().label();
    for (String remark : rebuild.remarks()) {
      console.status("note: " + remark);
    }
    switch (comparison.outcome()) {
      case IDENTICAL ->
          console.line(label + " is what its sources give: " + comparison.rebuilt().checksum());
      case SAME_CONTENT ->
          console.line(
              label
                  + " has the same content, other compression: tree "
                  + comparison.rebuilt().tree());
      case DIFFERENT -> {
        for (Comparison.Difference each : comparison.differences()) {
          console.line(each.word() + "  " + each.path());
        }
        console.report(finding(label, rebuild, comparison));
      }
    }
    console.result(json(rebuild, comparison));
    return comparison.outcome() == Comparison.Outcome.DIFFERENT ? 1 : ExitCode.OK;
  }

  private static Finding finding(String label, Rebuild rebuild, Comparison comparison) {
    Comparison.Difference first = comparison.differences().getFirst();
    Finding finding =
        Finding.error(
            NOT_REPRODUCIBLE,
            label
                + " is not what its sources give: "
                + first.path()
                + (first.published() == null
                    ? " is not in it"
                    : first.rebuilt() == null ? " does not come of them" : " differs"),
            "published: " + (first.published() == null ? "none" : first.published()),
            "rebuilt: " + (first.rebuilt() == null ? "none" : first.rebuilt()));
    for (String remark : rebuild.remarks()) {
      finding = finding.note(remark);
    }
    return finding;
  }

  private static Json json(Rebuild rebuild, Comparison comparison) {
    BuildProvenance.Source source = rebuild.provenance().source();
    return Json.object()
        .put("name", rebuild.claim().name().text())
        .put("version", rebuild.claim().version().text())
        .put("outcome", comparison.outcome().word())
        .put("published", facts(comparison.published()))
        .put("rebuilt", facts(comparison.rebuilt()))
        .put(
            "differences",
            Json.array(comparison.differences().stream().map(Comparison.Difference::json).toList()))
        .put(
            "source",
            Json.object()
                .put("repository", source.repository())
                .put("ref", source.ref())
                .put("commit", source.commit())
                .put("directory", source.directory())
                .build())
        .put("toolchain", rebuild.provenance().toolchain().version())
        .put("remarks", Json.strings(rebuild.remarks()))
        .build();
  }

  private static Json facts(ArchiveFacts facts) {
    return Json.object()
        .put("sha256", facts.checksum().hex())
        .put("tree", facts.tree().hex())
        .put("size", facts.size())
        .build();
  }
}
