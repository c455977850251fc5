package dev.raya.cli.rayac;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.compiler.check.IncrementalCheck;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.resolver.version.ResolverException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code check [FILE|DIR]}: diagnostics, no code. */
final class CheckCommand implements Command {
  private static final String WHAT = "FILE|DIR";
  private static final String FIX = "--fix";

  static CommandSpec spec() {
    return CommandSpec.named("check", "find errors without making code")
        .positional(
            WHAT, PositionalSpec.Arity.OPTIONAL, "a source file or a project; default: the nearest")
        .options(
            OptionSpec.flag(FIX, "apply the fixes that leave no choice, and check again"),
            Options.FORCE,
            Options.MAX_ERRORS)
        .options(Options.OUTPUT)
        .example("rayac check --fix", "insert what is missing, as far as that is certain")
        .example("rayac check src/main.raya --output json", "diagnostics for an editor")
        .runs(new CheckCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    Inputs inputs = new Inputs(arguments);
    String what = arguments.positional(WHAT);
    boolean force = arguments.flag(Options.FORCE.name());
    IncrementalCheck.Outcome outcome = check(inputs, what, force);
    List<Diagnostic> diagnostics = outcome.diagnostics();
    int fixed = 0;
    if (arguments.flag(FIX)) {
      Path root = single(what) ? inputs.root(String.valueOf(what)) : inputs.project(what);
      for (int round = 0; round < Fixes.MAX_ROUNDS; round++) {
        Fixes.Applied applied = Fixes.apply(diagnostics, root);
        applied.stale().forEach(file -> console.status(file + " changed meanwhile; left alone"));
        if (applied.applied() == 0) {
          break;
        }
        fixed += applied.applied();
        outcome = check(inputs, what, force);
        diagnostics = outcome.diagnostics();
      }
      console.status(fixed + (fixed == 1 ? " fix applied" : " fixes applied"));
    }
    DiagnosticFindings.report(
        diagnostics,
        Options.maxErrors(arguments),
        console,
        single(what) ? inputs.shown(String.valueOf(what)) : UnaryOperator.identity());
    long errors = diagnostics.stream().filter(Diagnostic::isError).count();
    console.result(
        Json.object()
            .put("errors", errors)
            .put("warnings", diagnostics.size() - errors)
            .put("fixed", fixed)
            .put("modules", outcome.modules())
            .put("checked", outcome.checked())
            .build());
    return errors == 0 ? ExitCode.OK : ExitCode.PROBLEM;
  }

  private static boolean single(@Nullable String what) {
    return what != null && what.endsWith(".raya");
  }

  private static IncrementalCheck.Outcome check(Inputs inputs, @Nullable String what, boolean force)
      throws CommandException {
    if (what != null && single(what)) {
      return inputs.check(what, force);
    }
    try {
      return inputs.projects().check(inputs.project(what), force);
    } catch (ResolverException e) {
      throw new CommandException(e.code(), e.text());
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }
}
