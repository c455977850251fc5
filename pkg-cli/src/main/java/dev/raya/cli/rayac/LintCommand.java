package dev.raya.cli.rayac;

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
import dev.raya.compiler.build.DeepStack;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.SourceExcerpt;
import dev.raya.compiler.lint.LintFinding;
import dev.raya.compiler.lint.Linter;
import dev.raya.compiler.source.SourceFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code lint [FILE|DIR…] [--fix] [--deny]}. */
final class LintCommand implements Command {
  private static final String WHAT = "FILE|DIR";
  private static final String FIX = "--fix";
  private static final String DENY = "--deny-warnings";

  static CommandSpec spec() {
    return CommandSpec.named("lint", "find likely mistakes and departures from the style")
        .description(
            "A comment `// lint-ignore CODE reason` suppresses a rule on its line or, alone on a"
                + " line, on the next; `// lint-ignore-file CODE reason` in the whole file.")
        .positional(
            WHAT, PositionalSpec.Arity.ANY, "files and folders; default: the nearest project")
        .options(
            OptionSpec.flag(FIX, "apply the fixes that are certain"),
            OptionSpec.flag(DENY, "exit code 1 if anything is found"))
        .options(Options.OUTPUT)
        .example("rayac lint --fix", "mend what can be mended")
        .example("rayac lint --deny-warnings --output sarif", "for CI")
        .runs(new LintCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    Inputs inputs = new Inputs(arguments);
    boolean fix = arguments.flag(FIX);
    int found = 0;
    int fixed = 0;
    for (Path file : SourceFiles.of(arguments.all(WHAT), inputs)) {
      String name = inputs.shownPath(file);
      Linter.Linted linted = lint(SourceFiles.read(file, name));
      for (int round = 0; fix && round < Fixes.MAX_ROUNDS; round++) {
        int applied = apply(file, linted);
        if (applied == 0) {
          break;
        }
        fixed += applied;
        linted = lint(SourceFiles.read(file, name));
      }
      DiagnosticFindings.report(linted.errors(), Integer.MAX_VALUE, console);
      for (LintFinding each : linted.findings()) {
        console.report(finding(each));
        found++;
      }
    }
    console.result(Json.object().put("found", found).put("fixed", fixed).build());
    console.status(found + " found" + (fix ? ", " + fixed + " mended" : ""));
    boolean errors = console.exitCode() != ExitCode.OK;
    return errors || found > 0 && arguments.flag(DENY) ? ExitCode.PROBLEM : ExitCode.OK;
  }

  private static Linter.Linted lint(SourceFile file) {
    return DeepStack.call(() -> Linter.lint(file));
  }

  /** Applies the findings' fixes, of each all or none. */
  private static int apply(Path file, Linter.Linted linted) throws CommandException {
    List<SourceEdits.Edit> edits = new ArrayList<>();
    int end = -1;
    int applied = 0;
    String text = null;
    for (LintFinding finding : linted.findings()) {
      List<Diagnostic.Fix> fixes = finding.fixes();
      if (!fixes.isEmpty() && fixes.getFirst().span().start() > end) {
        for (Diagnostic.Fix each : fixes) {
          edits.add(
              new SourceEdits.Edit(each.span().start(), each.span().end(), each.replacement()));
          end = Math.max(end, each.span().end());
          text = each.span().file().text();
        }
        applied++;
      }
    }
    if (text != null) {
      SourceEdits.replace(file, SourceEdits.apply(text, edits).text());
    }
    return applied;
  }

  private static Finding finding(LintFinding found) {
    List<Finding.Fix> fixes = new ArrayList<>();
    if (!found.fixes().isEmpty()) {
      List<Finding.Edit> edits = new ArrayList<>();
      for (Diagnostic.Fix fix : found.fixes()) {
        edits.add(
            new Finding.Edit(
                DiagnosticFindings.span(fix.span(), name -> name),
                fix.replacement(),
                DiagnosticFindings.digest(fix.span().file())));
      }
      fixes.add(new Finding.Fix(found.fixes().getFirst().title(), edits));
    }
    return new Finding(
        found.rule().code(),
        Finding.Severity.WARNING,
        found.message(),
        DiagnosticFindings.span(found.span(), name -> name),
        SourceExcerpt.of(found.span(), List.of()),
        List.of(),
        fixes,
        null);
  }
}
