package dev.raya.compiler.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.compiler.emit.RbinEmitter;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.source.SourceFile;
import dev.raya.compiler.ssa.Optimizer;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * What a program does is the same however many passes its code went through: as it was lowered,
 * only to SSA form and back, and after each pass. The verifier of the form runs after each of them
 * as well, since assertions are enabled in tests.
 */
final class OptimizerRunTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();
  private static final long SEED = 20_261_129;

  /** Benchmarks that run for seconds at their own size, and one that is enough to compare at. */
  private static final Map<String, String> SMALLER =
      Map.of(
          "bench_binarytrees", "9",
          "bench_parsum", "10000",
          "bench_queens", "4",
          "bench_richards", "10",
          "bench_sieve", "40",
          "bench_storage", "10");

  /** Each golden program after one count of passes, all counts taking turns. */
  @TestFactory
  Stream<DynamicTest> goldenProgramsAfterSomePasses() throws IOException {
    List<GoldenProgram> programs = GoldenProgram.all();
    return IntStream.range(0, programs.size())
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    programs.get(i).name(),
                    () -> golden(programs.get(i), i % (Optimizer.passes() + 1))));
  }

  @TestFactory
  @Tag("long")
  Stream<DynamicTest> goldenProgramsAfterEachPass() throws IOException {
    return GoldenProgram.all().stream()
        .map(
            program ->
                DynamicTest.dynamicTest(
                    program.name(),
                    () -> {
                      for (int count = 0; count <= Optimizer.passes(); count++) {
                        golden(program, count);
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> generatedPrograms() {
    return generated(SEED, 24);
  }

  @TestFactory
  @Tag("long")
  Stream<DynamicTest> manyGeneratedPrograms() {
    return generated(SEED + 1, 600);
  }

  private static Stream<DynamicTest> generated(long seed, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                DynamicTest.dynamicTest(
                    "seed " + (seed + i), () -> generated(new Random(seed + i))));
  }

  private static void golden(GoldenProgram program, int passes) throws Exception {
    String smaller = SMALLER.get(program.name());
    if (smaller != null) {
      List<String> arguments = List.of("1", smaller);
      IrPackage ir = program.ir(LIBRARY);
      Running.Outcome plain = run(new RbinEmitter(Optimizer.idle()).generate(ir, true), arguments);
      assertThat(plain.output()).isNotEmpty();
      assertThat(run(new RbinEmitter(Optimizer.first(passes)).generate(ir, true), arguments))
          .isEqualTo(plain);
      return;
    }
    RbinModule module =
        new RbinEmitter(Optimizer.first(passes)).generate(program.ir(LIBRARY), true);
    Running.Outcome outcome = run(module, program.arguments());
    assertThat(outcome.errors().lines().findFirst().orElse("")).isEqualTo(program.firstError());
    assertThat(outcome.output()).isEqualTo(program.output());
    assertThat(outcome.exitCode()).isEqualTo(program.exitCode());
  }

  private static void generated(Random random) throws Exception {
    String text = ProgramGenerator.program(random);
    SourceFile file = SourceFile.of("main.raya", text);
    SourceTree tree = name -> name.equals(file.name()) ? file : null;
    Compilation done =
        new Compiler(LIBRARY, tree, PackageImports.NONE)
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", file.name(), true)), file.name(), true));
    assertThat(done.diagnostics().stream().filter(d -> d.isError()).map(d -> d + "\n" + text))
        .isEmpty();
    IrPackage ir = Objects.requireNonNull(done.ir());
    Running.Outcome plain = run(new RbinEmitter(Optimizer.idle()).generate(ir, true), List.of());
    for (int count = 0; count <= Optimizer.passes(); count++) {
      RbinModule module = new RbinEmitter(Optimizer.first(count)).generate(ir, true);
      Running.Outcome outcome = run(module, List.of());
      assertThat(outcome.output()).as("%d passes", count).isEqualTo(plain.output());
      assertThat(outcome).as("%d passes over%n%s", count, text).isEqualTo(plain);
    }
  }

  private static Running.Outcome run(RbinModule module, List<String> arguments) throws Exception {
    byte[] bytes = RbinWriter.write(module);
    Map<String, byte[]> files = GoldenProgram.imports(RbinReader.read(bytes), LIBRARY);
    files.put("main", bytes);
    return Running.run(files, arguments);
  }
}
