package dev.raya.compiler.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Programs and what they print: {@code golden/run/NAME.raya} or {@code NAME/main.raya}, {@code
 * NAME.out} for standard output, {@code NAME.err} for the first line on standard error (then the
 * exit code is 1). {@code // exit: N} and {@code // args: A B} at the top say the rest. Each goes
 * all the way: checked, lowered, written, read back, verified, interpreted.
 */
final class GoldenRunTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  @TestFactory
  Stream<DynamicTest> programs() throws IOException {
    Path folder = Path.of("src/test/resources/golden/run");
    try (Stream<Path> outputs = Files.list(folder)) {
      List<Path> sorted = outputs.filter(p -> p.toString().endsWith(".out")).sorted().toList();
      assertThat(sorted).hasSizeGreaterThan(40);
      return sorted.stream()
          .map(
              out -> {
                String name = out.getFileName().toString().replace(".out", "");
                return DynamicTest.dynamicTest(name, () -> run(folder, name));
              });
    }
  }

  private static void run(Path folder, String name) throws Exception {
    boolean single = Files.exists(folder.resolve(name + ".raya"));
    Path root = single ? folder : folder.resolve(name);
    String entry = single ? name + ".raya" : "main.raya";
    byte[] bytes = compile(root, entry);
    RbinModule module = RbinReader.read(bytes);

    assertThat(RbinWriter.write(module)).as("written again").isEqualTo(bytes);
    assertThat(compile(root, entry)).as("compiled again").isEqualTo(bytes);

    String source = Files.readString(root.resolve(entry));
    Running.Outcome outcome = Running.run(files(module, bytes), arguments(source));
    Path errors = folder.resolve(name + ".err");
    String firstLine = outcome.errors().lines().findFirst().orElse("");
    assertThat(firstLine)
        .as("standard error")
        .isEqualTo(Files.exists(errors) ? Files.readString(errors).strip() : "");
    assertThat(outcome.output())
        .as("standard output")
        .isEqualTo(Files.readString(folder.resolve(name + ".out")));
    assertThat(outcome.exitCode())
        .isEqualTo(
            header(source, "exit")
                .map(Integer::parseInt)
                .findFirst()
                .orElse(Files.exists(errors) ? 1 : 0));
  }

  private static byte[] compile(Path root, String entry) {
    Compilation done =
        new Compiler(LIBRARY, SourceTree.folder(root), PackageImports.NONE)
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", entry, true)), entry, true));
    assertThat(done.diagnostics().stream().filter(Diagnostic::isError)).isEmpty();
    return RbinWriter.write(Objects.requireNonNull(done.module()));
  }

  private static Map<String, byte[]> files(RbinModule module, byte[] bytes) {
    Map<String, byte[]> files = new HashMap<>();
    files.put("main", bytes);
    for (RbinModule.Import imported : module.imports()) {
      String specifier = imported.specifier();
      if (specifier.startsWith("raya:") && !specifier.equals(StandardLibrary.CORE)) {
        String name = specifier.substring("raya:".length());
        files.put(specifier, RbinWriter.write(Objects.requireNonNull(LIBRARY.module(name))));
      }
    }
    return files;
  }

  private static List<String> arguments(String source) {
    return header(source, "args").flatMap(line -> Stream.of(line.split(" "))).toList();
  }

  private static Stream<String> header(String source, String name) {
    String start = "// " + name + ": ";
    return source
        .lines()
        .takeWhile(line -> line.startsWith("//"))
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()));
  }
}
