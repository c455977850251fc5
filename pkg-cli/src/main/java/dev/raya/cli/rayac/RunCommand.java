package dev.raya.cli.rayac;

import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.cli.raya.ProgramRun;
import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.ProjectBuild.Built;
import dev.raya.vm.bytecode.InstructionCursor;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.context.VmOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code run FILE|DIR [-- ARGS]}: builds if needed and runs in this process. Writes nothing of its
 * own to standard output and ends with the program's exit code.
 */
final class RunCommand implements Command {
  private static final String WHAT = "FILE|DIR";

  /** Where the flags of a bytecode file stand. */
  private static final int FLAGS = 8;

  static CommandSpec spec() {
    return CommandSpec.named("run", "build if needed and run")
        .positional(
            WHAT, PositionalSpec.Arity.OPTIONAL, "a source file or a project; default: the nearest")
        .rest("ARGS")
        .options(Options.MAX_ERRORS)
        .options(Options.OUTPUT)
        .example("rayac run hello.raya", "a single file")
        .example("rayac run . -- --name Ada", "a project, with arguments for the program")
        .runs(new RunCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    Inputs inputs = new Inputs(arguments);
    String what = arguments.positional(WHAT);
    if (what != null && what.endsWith(".raya")) {
      return runFile(inputs, what, arguments, console);
    }
    Path project = inputs.project(what);
    Built built = BuildCommand.build(inputs, project, null, false, arguments, console);
    if (!built.succeeded()) {
      return ExitCode.PROBLEM;
    }
    if (!Files.isRegularFile(built.file())) {
      throw new UsageException(
          project + " is a workspace and no program", "run one of its members: rayac run MEMBER");
    }
    requireProgram(built.file(), project.toString());
    return run(built.file(), arguments, console);
  }

  /** Reads no more than the header of a file that has an entry point (rbin.md 2.2). */
  private static void requireProgram(Path file, String shown) throws UsageException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] header = in.readNBytes(FLAGS + 1);
      if (header.length > FLAGS && (header[FLAGS] & RbinModule.FLAG_ENTRY) == 0) {
        requireProgram(RbinReader.read(Files.readAllBytes(file)), shown);
      }
    } catch (IOException | RbinException unreadable) {
      return; // The run that follows says what is wrong with the file.
    }
  }

  /**
   * A library, of which running would show nothing, is no program: no {@code main}, something for
   * others to import, and nothing called at module level.
   */
  private static void requireProgram(RbinModule module, String shown) throws UsageException {
    boolean exports = module.modules().stream().anyMatch(each -> !each.exports().isEmpty());
    if (module.entry() < 0
        && exports
        && module.modules().stream().noneMatch(each -> callsAtModuleLevel(module, each))) {
      throw new UsageException(
          shown + " is a library and no program: it has no main, and nothing else to run",
          "write `function main(): void { }` into it, or import it from a program",
          "`rayac test` runs its tests");
    }
  }

  private static boolean callsAtModuleLevel(RbinModule module, RbinModule.ModuleDef part) {
    if (part.init() < 0) {
      return false;
    }
    InstructionCursor at = new InstructionCursor(module.functions().get(part.init()).code());
    while (at.next()) {
      boolean calls =
          switch (at.opcode()) {
            case CALL,
                CALL_METHOD,
                CALL_STATIC,
                CALL_IFACE,
                CALL_CLOSURE,
                CALL_NATIVE,
                CALL_BUILTIN,
                TAIL_CALL,
                SPAWN ->
                true;
            default -> false;
          };
      if (calls) {
        return true;
      }
    }
    return false;
  }

  private static int runFile(Inputs inputs, String what, Arguments arguments, Console console)
      throws CommandException {
    Compilation done = inputs.compile(what, true);
    DiagnosticFindings.report(
        done.diagnostics(), Options.maxErrors(arguments), console, inputs.shown(what));
    RbinModule module = done.module();
    if (module == null) {
      return ExitCode.PROBLEM;
    }
    requireProgram(module, what);
    Path file = inputs.path(CompileCommand.withSuffix(what, "rbin"));
    int code =
        new ProgramRun(console.streams(), arguments.environment())
            .run(file, RbinWriter.write(module), arguments.rest(), VmOptions.defaults());
    console.finishBare();
    return code;
  }

  private static int run(Path file, Arguments arguments, Console console) throws CommandException {
    int code =
        new ProgramRun(console.streams(), arguments.environment())
            .run(file, arguments.rest(), VmOptions.defaults(), false);
    console.finishBare();
    return code;
  }
}
