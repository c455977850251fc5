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
import dev.raya.compiler.build.ProjectBuild.Built;
import dev.raya.compiler.doc.DocPackage;
import dev.raya.resolver.version.ResolverException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code build [DIR] [--out OUT] [--docs]}: a whole project into {@code module.rbin} and {@code
 * module.rdef}, with its documentation as {@code docs.json} beside them.
 */
final class BuildCommand implements Command {
  private static final String DIR = "DIR";
  private static final String OUT = "--out";
  private static final String DOCS = "--docs";

  static CommandSpec spec() {
    return CommandSpec.named("build", "compile a project")
        .positional(
            DIR, PositionalSpec.Arity.OPTIONAL, "the project's folder; default: the nearest")
        .options(
            OptionSpec.value(OUT, "OUT", "where the outputs go; default: .raya/out of the project")
                .shortName("-o"),
            OptionSpec.flag(DOCS, "write the model of its documentation, docs.json, beside them"),
            Options.FORCE,
            Options.MAX_ERRORS)
        .options(Options.OUTPUT)
        .example("rayac build", "the project around the working directory")
        .runs(new BuildCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    Inputs inputs = new Inputs(arguments);
    String out = arguments.value(OUT);
    Path project = inputs.project(arguments.positional(DIR));
    boolean force = arguments.flag(Options.FORCE.name());
    Built built =
        build(inputs, project, out == null ? null : inputs.path(out), force, arguments, console);
    if (!built.succeeded()) {
      return ExitCode.PROBLEM;
    }
    if (arguments.flag(DOCS)) {
      DocCommand.writeModel(inputs, project, built.file().resolveSibling(DocPackage.FILE_NAME));
    }
    console.result(
        Json.object().put("module", built.file().toString()).put("fresh", built.fresh()).build());
    return ExitCode.OK;
  }

  static Built build(
      Inputs inputs,
      Path project,
      @org.jspecify.annotations.Nullable Path out,
      boolean force,
      Arguments arguments,
      Console console)
      throws CommandException {
    try {
      Built built = inputs.projects().build(project, out, force);
      DiagnosticFindings.report(built.diagnostics(), Options.maxErrors(arguments), console);
      return built;
    } catch (ResolverException e) {
      throw new CommandException(e.code(), e.text());
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }
}
