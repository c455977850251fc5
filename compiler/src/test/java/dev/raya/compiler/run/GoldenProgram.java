package dev.raya.compiler.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A program with what it prints: {@code golden/run/NAME.raya} or {@code NAME/main.raya}, {@code
 * NAME.out} for standard output, {@code NAME.err} for the first line on standard error (then the
 * exit code is 1). {@code // exit: N} and {@code // args: A B} at the top say the rest.
 *
 * @param name without an ending
 * @param root the folder of its sources
 * @param entry the file of its main function, in that folder
 * @param source the text of that file
 */
record GoldenProgram(String name, Path root, String entry, String source) {
  private static final Path FOLDER = Path.of("src/test/resources/golden/run");

  /** All programs, in the order of their names. */
  static List<GoldenProgram> all() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(FOLDER)) {
      names =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".out"))
              .map(file -> file.replace(".out", ""))
              .sorted()
              .toList();
    }
    List<GoldenProgram> programs = new java.util.ArrayList<>();
    for (String name : names) {
      boolean single = Files.exists(FOLDER.resolve(name + ".raya"));
      Path root = single ? FOLDER : FOLDER.resolve(name);
      String entry = single ? name + ".raya" : "main.raya";
      programs.add(new GoldenProgram(name, root, entry, Files.readString(root.resolve(entry))));
    }
    return programs;
  }

  /** Its bytecode, compiled anew. */
  byte[] compile(StandardLibrary library) {
    return RbinWriter.write(Objects.requireNonNull(compilation(library).module()));
  }

  /** Its code as it was lowered. */
  IrPackage ir(StandardLibrary library) {
    return Objects.requireNonNull(compilation(library).ir());
  }

  private Compilation compilation(StandardLibrary library) {
    Compilation done =
        new Compiler(library, SourceTree.folder(root), PackageImports.NONE)
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", entry, true)), entry, true));
    assertThat(done.diagnostics().stream().filter(Diagnostic::isError)).as(name).isEmpty();
    return done;
  }

  /** The files of the library that a program imports, by specifier. */
  static Map<String, byte[]> imports(RbinModule module, StandardLibrary library) {
    Map<String, byte[]> files = new TreeMap<>();
    for (RbinModule.Import imported : module.imports()) {
      String specifier = imported.specifier();
      if (specifier.startsWith("raya:") && !specifier.equals(StandardLibrary.CORE)) {
        String part = specifier.substring("raya:".length());
        files.put(specifier, RbinWriter.write(Objects.requireNonNull(library.module(part))));
      }
    }
    return files;
  }

  /** All that it writes to standard output. */
  String output() throws IOException {
    return Files.readString(FOLDER.resolve(name + ".out"));
  }

  /** The first line that it writes to standard error; empty if there is none. */
  String firstError() throws IOException {
    Path errors = FOLDER.resolve(name + ".err");
    return Files.exists(errors) ? Files.readString(errors).strip() : "";
  }

  /** The exit code. */
  int exitCode() {
    return header("exit")
        .map(Integer::parseInt)
        .findFirst()
        .orElse(Files.exists(FOLDER.resolve(name + ".err")) ? 1 : 0);
  }

  /** The arguments it is started with. */
  List<String> arguments() {
    return header("args").flatMap(line -> Stream.of(line.split(" "))).toList();
  }

  private Stream<String> header(String word) {
    String start = "// " + word + ": ";
    return source
        .lines()
        .takeWhile(line -> line.startsWith("//"))
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()));
  }
}
