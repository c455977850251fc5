package dev.raya.cli.rayac;

import dev.raya.cache.json.Json;
import dev.raya.cli.console.Arguments;
import dev.raya.cli.console.Command;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.ExitCode;
import dev.raya.cli.console.PositionalSpec;
import dev.raya.cli.console.UsageException;
import dev.raya.vm.bytecode.Disassembler;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code dis FILE.rbin} and {@code verify FILE.rbin}. */
final class BytecodeCommand implements Command {
  private static final String FILE = "FILE.rbin";

  private final boolean show;

  private BytecodeCommand(boolean show) {
    this.show = show;
  }

  static CommandSpec disassemble() {
    return CommandSpec.named("dis", "show the code of a bytecode file")
        .positional(FILE, PositionalSpec.Arity.ONE, "the file")
        .options(Options.OUTPUT)
        .example("rayac dis hello.rbin", "its tables and instructions")
        .runs(new BytecodeCommand(true))
        .build();
  }

  static CommandSpec verify() {
    return CommandSpec.named("verify", "check a bytecode file as the VM does before it runs")
        .positional(FILE, PositionalSpec.Arity.ONE, "the file")
        .options(Options.OUTPUT)
        .example("rayac verify hello.rbin", "exit code 0, or 3 with the reason")
        .runs(new BytecodeCommand(false))
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    Path file = arguments.environment().directory().resolve(arguments.required(FILE));
    if (!Files.isRegularFile(file)) {
      throw new UsageException(
          Files.isDirectory(file)
              ? arguments.required(FILE) + " is a folder"
              : "there is no file " + arguments.required(FILE));
    }
    if (file.toString().endsWith(".raya")) {
      String name = arguments.required(FILE);
      throw new UsageException(
          name + " is a source file; make bytecode of it first: rayac compile " + name);
    }
    try {
      VerifiedModule module = Verifier.verify(Files.readAllBytes(file));
      if (show) {
        String text = Disassembler.disassemble(module);
        text.lines().forEach(console::line);
        console.result(Json.object().put("text", text).build());
      } else {
        console.status(file.getFileName() + " is well-formed");
        console.result(Json.object().put("ok", true).build());
      }
      return ExitCode.OK;
    } catch (RbinException e) {
      throw new CommandException(e.code(), file.getFileName() + ": " + e.getMessage());
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }
}
