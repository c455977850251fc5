package dev.raya.compiler.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.StandardLibrary;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Programs and what they print ({@link GoldenProgram}). Each goes all the way: checked, lowered,
 * written, read back, verified, interpreted.
 */
final class GoldenRunTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  @TestFactory
  Stream<DynamicTest> programs() throws IOException, RbinException {
    List<GoldenProgram> programs = GoldenProgram.all();
    assertThat(programs).hasSizeGreaterThan(40);
    // Benchmarks run for seconds: one after the other on a thread of their own, beside the rest.
    Map<String, Future<Running.Outcome>> begun = new HashMap<>();
    ExecutorService beside = Executors.newSingleThreadExecutor();
    for (GoldenProgram program : programs) {
      if (program.name().startsWith("bench_")) {
        Map<String, byte[]> files = files(program.compile(LIBRARY));
        begun.put(program.name(), beside.submit(() -> Running.run(files, program.arguments())));
      }
    }
    beside.shutdown();
    return programs.stream()
        .sorted(Comparator.comparing(program -> begun.containsKey(program.name())))
        .map(
            program ->
                DynamicTest.dynamicTest(
                    program.name(), () -> run(program, begun.get(program.name()))));
  }

  private static Map<String, byte[]> files(byte[] bytes) throws RbinException {
    Map<String, byte[]> files = GoldenProgram.imports(RbinReader.read(bytes), LIBRARY);
    files.put("main", bytes);
    return files;
  }

  private static void run(GoldenProgram program, @Nullable Future<Running.Outcome> begun)
      throws Exception {
    byte[] bytes = program.compile(LIBRARY);
    RbinModule module = RbinReader.read(bytes);

    assertThat(RbinWriter.write(module)).as("written again").isEqualTo(bytes);
    assertThat(program.compile(LIBRARY)).as("compiled again").isEqualTo(bytes);

    Running.Outcome outcome =
        begun == null ? Running.run(files(bytes), program.arguments()) : begun.get();
    assertThat(outcome.errors().lines().findFirst().orElse(""))
        .as("standard error")
        .isEqualTo(program.firstError());
    assertThat(outcome.output()).as("standard output").isEqualTo(program.output());
    assertThat(outcome.exitCode()).isEqualTo(program.exitCode());
  }
}
