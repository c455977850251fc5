package dev.raya.cli.rayac;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.OptionSpec;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.graph.Graph;
import dev.raya.compiler.graph.PackageGraphs;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.resolver.version.ResolverException;
import java.io.IOException;
import java.util.List;

/** {@code graph symbols|deps|cfg [FILE|DIR]}. */
final class GraphCommand implements Command {
  private static final String WHAT = "FILE|DIR";
  private static final String FORMAT = "--format";
  private static final String FUNCTION = "--function";

  /** What is drawn. */
  private enum Kind {
    SYMBOLS,
    DEPS,
    CFG
  }

  private final Kind kind;

  private GraphCommand(Kind kind) {
    this.kind = kind;
  }

  static CommandSpec spec() {
    return CommandSpec.named("graph", "show what depends on what")
        .subcommand(
            spec(
                "symbols",
                "functions, what they are written in and what they call",
                Kind.SYMBOLS,
                List.of()))
        .subcommand(spec("deps", "modules and what they import", Kind.DEPS, List.of()))
        .subcommand(
            spec(
                "cfg",
                "basic blocks of functions and how control passes between them",
                Kind.CFG,
                List.of(
                    OptionSpec.value(
                        FUNCTION, "NAME", "only this function, by name or by id of `symbols`"))))
        .example("rayac graph deps --format dot | dot -Tsvg > deps.svg", "a picture")
        .build();
  }

  private static CommandSpec spec(
      String name, String summary, Kind kind, List<OptionSpec> further) {
    return CommandSpec.named(name, summary)
        .positional(
            WHAT, PositionalSpec.Arity.OPTIONAL, "a source file or a project; default: the nearest")
        .options(
            OptionSpec.value(FORMAT, "FORMAT", "text or dot; default: text")
                .choices(List.of("text", "dot")),
            Options.MAX_ERRORS)
        .options(further)
        .options(Options.OUTPUT)
        .example("rayac graph " + name + " src/main.raya --output json", "for tools")
        .runs(new GraphCommand(kind))
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    Inputs inputs = new Inputs(arguments);
    String what = arguments.positional(WHAT);
    Compilation done = compile(inputs, what);
    IrPackage program = done.ir();
    if (program == null) {
      DiagnosticFindings.report(done.diagnostics(), Options.maxErrors(arguments), console);
      return ExitCode.PROBLEM;
    }
    PackageGraphs graphs = new PackageGraphs(program);
    String function = kind == Kind.CFG ? arguments.value(FUNCTION) : null;
    Graph graph =
        switch (kind) {
          case SYMBOLS -> graphs.symbols();
          case DEPS -> graphs.dependencies();
          case CFG -> graphs.controlFlow(function == null ? "" : function);
        };
    if (function != null && graph.nodes().isEmpty()) {
      throw new UsageException(
          "there is no function " + function, "rayac graph symbols lists them");
    }
    console.result(graph.json());
    String text = "dot".equals(arguments.value(FORMAT)) ? graph.dot() : graph.text();
    text.lines().forEach(console::line);
    return ExitCode.OK;
  }

  private static Compilation compile(Inputs inputs, @org.jspecify.annotations.Nullable String what)
      throws CommandException {
    if (what != null && what.endsWith(".raya")) {
      return inputs.compile(what, true);
    }
    try {
      return inputs.projects().compile(inputs.project(what));
    } catch (ResolverException e) {
      throw new CommandException(e.code(), e.text());
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }
}
