package dev.raya.cli.rayac;

import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.ExplainCommand;
import dev.raya.cli.console.ManCommand;
import dev.raya.cli.console.Program;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.console.Streams;
import dev.raya.cli.console.shell.CompletionCommand;
import java.util.List;

/** The program {@code rayac}. */
public final class Rayac {
  /** Its name. */
  public static final String NAME = "rayac";

  private Rayac() {}

  /** Runs the program and ends the process with its exit code. */
  public static void main(String[] args) {
    Environment environment = Environment.ofProcess(System.getenv(), System.getProperties());
    Streams streams = Streams.ofProcess();
    streams.end(run(List.of(args), streams, environment));
  }

  /**
   * Runs the program.
   *
   * @param words the arguments
   * @return the exit code
   */
  public static int run(List<String> words, Streams streams, Environment environment) {
    if (words.size() == 1 && words.getFirst().equals("--version")) {
      streams.out().print(NAME + " " + ProgramVersion.CURRENT + "\n");
      streams.out().flush();
      return ExitCode.OK;
    }
    return new Program(spec(), Program.UserOutput.NONE).run(words, streams, environment);
  }

  /** The declaration of the program, for help and documentation. */
  public static CommandSpec spec() {
    return CommandSpec.named(NAME, "compile, check and run Raya programs")
        .subcommand(CompileCommand.spec())
        .subcommand(BuildCommand.spec())
        .subcommand(RunCommand.spec())
        .subcommand(CheckCommand.spec())
        .subcommand(TestCommand.spec())
        .subcommand(FmtCommand.spec())
        .subcommand(LintCommand.spec())
        .subcommand(DocCommand.spec())
        .subcommand(GraphCommand.spec())
        .subcommand(BytecodeCommand.disassemble())
        .subcommand(BytecodeCommand.verify())
        .subcommand(ExplainCommand.spec(NAME, "RAYA-E0301"))
        .subcommand(CompletionCommand.spec(NAME, Rayac::spec))
        .subcommand(ManCommand.spec(NAME, "check", Rayac::spec))
        .build();
  }
}
