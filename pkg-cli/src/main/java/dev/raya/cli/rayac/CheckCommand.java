package dev.raya.cli.rayac;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.resolver.version.ResolverException;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;

/** {@code check [FILE|DIR]}: diagnostics, no code. */
final class CheckCommand implements Command {
  private static final String WHAT = "FILE|DIR";

  static CommandSpec spec() {
    return CommandSpec.named("check", "find errors without making code")
        .positional(
            WHAT, PositionalSpec.Arity.OPTIONAL, "a source file or a project; default: the nearest")
        .options(Options.MAX_ERRORS)
        .options(Options.OUTPUT)
        .example("rayac check src/main.raya --output json", "diagnostics for an editor")
        .runs(new CheckCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    Inputs inputs = new Inputs(arguments);
    String what = arguments.positional(WHAT);
    List<Diagnostic> diagnostics;
    if (what != null && what.endsWith(".raya")) {
      diagnostics = inputs.compile(what, true, false).diagnostics();
    } else {
      try {
        diagnostics = inputs.projects().check(inputs.project(what));
      } catch (ResolverException e) {
        throw new CommandException(e.code(), e.text());
      } catch (IOException e) {
        throw Inputs.unreadable(e);
      }
    }
    DiagnosticFindings.report(
        diagnostics,
        Options.maxErrors(arguments),
        console,
        what != null && what.endsWith(".raya") ? inputs.shown(what) : UnaryOperator.identity());
    long errors = diagnostics.stream().filter(Diagnostic::isError).count();
    console.result(
        Json.object().put("errors", errors).put("warnings", diagnostics.size() - errors).build());
    return errors == 0 ? ExitCode.OK : ExitCode.PROBLEM;
  }
}
