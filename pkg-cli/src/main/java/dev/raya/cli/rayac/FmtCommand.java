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
import dev.raya.cli.console.UsageException;
import dev.raya.compiler.build.DeepStack;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.format.Formatter;
import dev.raya.compiler.format.Formatter.Outcome;
import dev.raya.compiler.source.SourceFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** {@code fmt [FILE|DIR…] [--check] [--stdin]}: the one layout of source files. */
final class FmtCommand implements Command {
  private static final String WHAT = "FILE|DIR";
  private static final String CHECK = "--check";
  private static final String STDIN = "--stdin";

  private final Function<SourceFile, Outcome> formatter;

  /** A class: a lambda or method reference would load the formatter for every command. */
  private static final class TheFormatter implements Function<SourceFile, Outcome> {
    @Override
    public Outcome apply(SourceFile source) {
      return Formatter.format(source);
    }
  }

  private FmtCommand(Function<SourceFile, Outcome> formatter) {
    this.formatter = formatter;
  }

  static CommandSpec spec() {
    return spec(new TheFormatter());
  }

  /** The command with a formatter of its own, which may fail. */
  static CommandSpec spec(Function<SourceFile, Outcome> formatter) {
    return CommandSpec.named("fmt", "format source files")
        .description(
            "The layout follows from the tokens alone; comments are kept. Files with syntax errors"
                + " are left as they are.")
        .positional(
            WHAT, PositionalSpec.Arity.ANY, "files and folders; default: the nearest project")
        .options(
            OptionSpec.flag(CHECK, "change nothing; exit code 1 if something would change"),
            OptionSpec.flag(STDIN, "format standard input to standard output"))
        .options(Options.OUTPUT)
        .example("rayac fmt", "all sources of the project around the working directory")
        .example("rayac fmt --check src", "what would change below a folder, for CI")
        .example("rayac fmt --stdin < main.raya", "for editors")
        .runs(new FmtCommand(formatter))
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    if (arguments.flag(STDIN)) {
      if (!arguments.all(WHAT).isEmpty() || arguments.flag(CHECK)) {
        throw new UsageException("--stdin takes neither files nor --check");
      }
      return standardInput(console);
    }
    Inputs inputs = new Inputs(arguments);
    boolean check = arguments.flag(CHECK);
    List<Path> files = SourceFiles.of(arguments.all(WHAT), inputs);
    List<Json> changed = new ArrayList<>();
    for (Path file : files) {
      String name = inputs.shownPath(file);
      SourceFile source = SourceFiles.read(file, name);
      switch (format(source)) {
        case Outcome.Refused refused ->
            DiagnosticFindings.report(refused.errors(), Options.maxErrors(arguments), console);
        case Outcome.Unkept unkept -> console.report(fault(unkept, name));
        case Outcome.Formatted formatted -> {
          if (!formatted.text().equals(source.text())) {
            changed.add(new Json.Str(name));
            console.line((check ? "would change " : "formatted ") + name);
            if (!check) {
              SourceEdits.replace(file, formatted.text());
            }
          }
        }
      }
    }
    console.result(
        Json.object()
            .put("files", files.size())
            .put("changed", new Json.Array(changed))
            .put("written", !check)
            .build());
    console.status(
        changed.size()
            + (check ? " of " : " changed of ")
            + files.size()
            + (check ? " files would change" : " files"));
    if (console.exitCode() != ExitCode.OK) {
      return console.exitCode();
    }
    return check && !changed.isEmpty() ? ExitCode.PROBLEM : ExitCode.OK;
  }

  private Outcome format(SourceFile source) {
    return DeepStack.call(() -> formatter.apply(source));
  }

  private static Finding fault(Outcome.Unkept unkept, String name) {
    return Finding.error(
        "RAYA-CLI-002",
        unkept.fault(),
        name + " was left as it is",
        "this is a bug of rayac; please report the lines around that place");
  }

  private int standardInput(Console console) throws CommandException {
    try {
      byte[] bytes = console.input().readNBytes((int) SourceTree.MAX_BYTES + 1);
      if (bytes.length > SourceTree.MAX_BYTES) {
        throw new UsageException(
            "standard input is longer than " + SourceTree.MAX_BYTES + " bytes");
      }
      return switch (format(SourceFile.of("<stdin>", bytes))) {
        case Outcome.Refused refused -> {
          DiagnosticFindings.report(refused.errors(), Integer.MAX_VALUE, console);
          yield ExitCode.PROBLEM;
        }
        case Outcome.Unkept unkept -> {
          console.report(fault(unkept, "standard input"));
          yield console.exitCode();
        }
        case Outcome.Formatted formatted -> {
          console.result(Json.object().put("text", formatted.text()).build());
          if (console.isText()) {
            console.streams().out().writeBytes(formatted.text().getBytes(StandardCharsets.UTF_8));
          }
          yield ExitCode.OK;
        }
      };
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }
}
