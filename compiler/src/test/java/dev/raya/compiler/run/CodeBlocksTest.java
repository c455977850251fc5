package dev.raya.compiler.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The Raya in doc comments of the library, in README.md and in docs/ is compiled and run ({@link
 * CodeBlock} says how it is marked).
 */
final class CodeBlocksTest {
  private static final Path LIBRARY_SOURCES =
      Path.of("src/main/resources/dev/raya/compiler/stdlib");
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  @TestFactory
  Stream<DynamicTest> blocks() throws IOException {
    List<CodeBlock> blocks = new ArrayList<>();
    for (Path file : files(LIBRARY_SOURCES, ".raya")) {
      blocks.addAll(
          CodeBlock.of(
              LIBRARY_SOURCES.relativize(file).toString(),
              Files.readString(file),
              " * ",
              Set.of("ts", "raya")));
    }
    assertThat(blocks).hasSizeGreaterThan(10);
    List<Path> pages = new ArrayList<>(files(Path.of("../docs"), ".md"));
    pages.add(Path.of("../README.md"));
    for (Path page : pages) {
      blocks.addAll(
          CodeBlock.of(
              Path.of("..").relativize(page).toString(),
              Files.readString(page),
              "",
              Set.of("raya")));
    }
    return blocks.stream().map(block -> DynamicTest.dynamicTest(block.place(), () -> holds(block)));
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static void holds(CodeBlock block) throws Exception {
    Compilation done =
        new Compiler(
                LIBRARY, SourceTree.of(Map.of("block.raya", block.source())), PackageImports.NONE)
            .compile(
                new Compiler.Request(
                    "",
                    "",
                    List.of(new Compiler.Root("", "block.raya", true)),
                    "block.raya",
                    true));
    List<Diagnostic> errors = done.diagnostics().stream().filter(Diagnostic::isError).toList();
    if (block.marks().contains("compile_fail")) {
      assertThat(errors).isNotEmpty();
      return;
    }
    assertThat(errors).isEmpty();
    RbinModule module = java.util.Objects.requireNonNull(done.module());
    if (block.marks().contains("no_run")) {
      return;
    }
    Map<String, byte[]> files = GoldenProgram.imports(module, LIBRARY);
    files.put("main", RbinWriter.write(module));
    Running.Outcome outcome = Running.run(files, List.of());
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.output().lines().toList()).isEqualTo(block.printed());
  }

  @Test
  void blocksAreFoundWithTheirMarks() {
    List<CodeBlock> blocks =
        CodeBlock.of(
            "a.md",
            "text\n```raya no_run\nlet a = 1;\n```\n```sh\n```raya\nx\n```\n```raya\n// prints 1\n```",
            "",
            Set.of("raya"));
    assertThat(blocks)
        .containsExactly(
            new CodeBlock("a.md:2", Set.of("no_run"), "let a = 1;\n"),
            new CodeBlock("a.md:9", Set.of(), "// prints 1\n"));
    assertThat(blocks.getLast().printed()).containsExactly("1");
  }
}
