package dev.raya.cli.rayac;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.Json;
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
import dev.raya.compiler.build.RdefText;
import dev.raya.compiler.diagnostic.Diagnostics;
import dev.raya.compiler.parse.Parser;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.ssa.Optimizer;
import dev.raya.compiler.syntax.SyntaxText;
import dev.raya.vm.bytecode.Disassembler;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import dev.raya.vm.bytecode.Verifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code compile FILE… [-o OUT] [--emit rbin,rdef,ast,ir,asm]}: one output for each source file.
 */
final class CompileCommand implements Command {
  private static final String FILE = "FILE";
  private static final String OUT = "--out";
  private static final String EMIT = "--emit";
  private static final List<String> KINDS = List.of("rbin", "rdef", "ast", "ir", "asm");

  static CommandSpec spec() {
    return CommandSpec.named("compile", "compile source files to bytecode")
        .positional(FILE, PositionalSpec.Arity.SOME, "source files; each with what it imports")
        .options(
            OptionSpec.value(OUT, "OUT", "where the bytecode goes; default: beside the source")
                .shortName("-o"),
            OptionSpec.value(
                EMIT, "KINDS", "what to write, of rbin, rdef, ast, ir, asm; default: rbin"),
            Options.RELEASE,
            Options.MAX_ERRORS)
        .options(Options.OUTPUT)
        .example("rayac compile hello.raya -o hello.rbin", "one file")
        .example("rayac compile hello.raya --emit rbin,asm", "and its disassembly beside it")
        .runs(new CompileCommand())
        .build();
  }

  @Override
  public int run(Arguments arguments, Console console) throws CommandException {
    List<String> files = arguments.all(FILE);
    String out = arguments.value(OUT);
    if (out != null && files.size() > 1) {
      throw new UsageException("-o names one output, but there are " + files.size() + " files");
    }
    if (out != null && out.endsWith(".raya")) {
      throw new UsageException(
          "-o names a source file: " + out, "bytecode is written to names such as out.rbin");
    }
    List<String> kinds = kinds(arguments.value(EMIT));
    Inputs inputs = new Inputs(arguments);
    if (out != null && Files.isDirectory(inputs.path(out))) {
      throw new UsageException(
          "-o names a folder: " + out, "name the file that is to be written, as in out.rbin");
    }
    List<Json> written = new ArrayList<>();
    for (String file : files) {
      Compilation done = inputs.compile(file, !arguments.flag("--release"));
      DiagnosticFindings.report(
          done.diagnostics(), Options.maxErrors(arguments), console, inputs.shown(file));
      RbinModule module = done.module();
      if (module == null) {
        continue;
      }
      Path target = inputs.path(out == null ? withSuffix(file, "rbin") : out);
      for (String kind : kinds) {
        byte[] bytes = emit(done, module, kind, inputs.path(file));
        Path path =
            kind.equals("rbin")
                ? target
                : target.resolveSibling(withSuffix(target.getFileName().toString(), kind));
        write(path, bytes);
        written.add(
            Json.object()
                .put("file", path.toString())
                .put("kind", kind)
                .put("sha256", Digest.of(bytes).hex())
                .put("size", bytes.length)
                .build());
      }
    }
    console.result(Json.object().put("written", Json.array(written)).build());
    return console.exitCode() == ExitCode.OK ? ExitCode.OK : ExitCode.PROBLEM;
  }

  private static List<String> kinds(@org.jspecify.annotations.Nullable String given)
      throws UsageException {
    if (given == null) {
      return List.of("rbin");
    }
    List<String> kinds = List.of(given.split(",", -1));
    for (String kind : kinds) {
      if (!KINDS.contains(kind)) {
        throw new UsageException(
            "--emit knows no \"" + kind + "\"", "it knows " + String.join(", ", KINDS));
      }
    }
    return kinds;
  }

  private static byte[] emit(Compilation done, RbinModule module, String kind, Path source)
      throws CommandException {
    byte[] bytes = RbinWriter.write(module);
    return switch (kind) {
      case "rdef" -> RdefText.of(module).getBytes(StandardCharsets.UTF_8);
      case "asm" -> {
        try {
          yield Disassembler.disassemble(Verifier.verify(bytes)).getBytes(StandardCharsets.UTF_8);
        } catch (RbinException e) {
          throw new CommandException(e.code(), String.valueOf(e.getMessage()));
        }
      }
      case "ast" -> ast(source).getBytes(StandardCharsets.UTF_8);
      case "ir" ->
          (done.ir() == null ? "" : Optimizer.text(done.ir())).getBytes(StandardCharsets.UTF_8);
      default -> bytes;
    };
  }

  private static String ast(Path source) throws CommandException {
    try {
      SourceFile file = SourceFile.of(source.getFileName().toString(), Files.readString(source));
      return SyntaxText.of(Parser.parse(file, new Diagnostics()));
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }

  static String withSuffix(String file, String suffix) {
    int dot = file.lastIndexOf('.');
    int slash = file.lastIndexOf('/');
    return (dot > slash ? file.substring(0, dot) : file) + '.' + suffix;
  }

  /** Replaces a file as a whole; folders that are missing are made. */
  static void write(Path file, byte[] bytes) throws CommandException {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        Files.createDirectories(folder);
      }
      // A random name would start the platform's security providers, a hundredth of a second.
      String name = ".rayac." + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".tmp";
      Path temporary = file.toAbsolutePath().resolveSibling(name);
      try {
        Files.write(temporary, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(
            temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw Inputs.unreadable(e);
    }
  }
}
