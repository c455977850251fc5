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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Programs with packages, compiled one by one as they would be for a registry, and what they print:
 * {@code golden/packages/NAME.raya} begins with the program, {@code //@@ PACKAGE} begins a package,
 * which those below may import; {@code NAME.out} is the output.
 */
final class PackageProgramsTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/packages");
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  @TestFactory
  Stream<DynamicTest> programs() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Path> sources =
          files.filter(file -> file.toString().endsWith(".raya")).sorted().toList();
      assertThat(sources).isNotEmpty();
      return sources.stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> run(file)));
    }
  }

  private static void run(Path file) throws Exception {
    String[] parts = Files.readString(file).split("(?m)^//@@ ");
    Map<String, RbinModule> packages = new LinkedHashMap<>();
    for (int i = parts.length - 1; i > 0; i--) {
      int end = parts[i].indexOf('\n');
      String name = parts[i].substring(0, end).strip();
      packages.put(name, compile(name, parts[i].substring(end + 1), packages));
    }
    RbinModule program = compile("", parts[0], packages);

    Map<String, byte[]> files = GoldenProgram.imports(program, LIBRARY);
    packages.forEach(
        (name, module) -> {
          files.putAll(GoldenProgram.imports(module, LIBRARY));
          files.put(name, RbinWriter.write(module));
        });
    files.put("main", RbinWriter.write(program));
    Running.Outcome outcome = Running.run(files, List.of());

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output())
        .isEqualTo(
            Files.readString(
                file.resolveSibling(file.getFileName().toString().replace(".raya", ".out"))));
  }

  private static RbinModule compile(String name, String source, Map<String, RbinModule> packages)
      throws Exception {
    PackageImports imports =
        wanted -> {
          RbinModule found = packages.get(wanted);
          return found == null
              ? new PackageImports.Answer.Missing(PackageImports.Reason.NOT_IN_MANIFEST, "add it")
              : new PackageImports.Answer.Found(found, "1.0.0", "^1.0.0", wanted + " 1.0.0");
        };
    boolean program = name.isEmpty();
    Compilation done =
        new Compiler(LIBRARY, SourceTree.of(Map.of("main.raya", source)), imports)
            .compile(
                new Compiler.Request(
                    name,
                    program ? "" : "1.0.0",
                    List.of(new Compiler.Root("", "main.raya", true)),
                    program ? "main.raya" : null,
                    true));
    assertThat(done.diagnostics().stream().filter(Diagnostic::isError)).as(name).isEmpty();
    return RbinReader.read(RbinWriter.write(Objects.requireNonNull(done.module())));
  }
}
