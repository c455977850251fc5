package dev.raya.compiler.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.StandardLibrary;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Programs and what they print ({@link GoldenProgram}). Each goes all the way: checked, lowered,
 * written, read back, verified, interpreted.
 */
final class GoldenRunTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  @TestFactory
  Stream<DynamicTest> programs() throws IOException {
    List<GoldenProgram> programs = GoldenProgram.all();
    assertThat(programs).hasSizeGreaterThan(40);
    return programs.stream()
        .map(program -> DynamicTest.dynamicTest(program.name(), () -> run(program)));
  }

  private static void run(GoldenProgram program) throws Exception {
    byte[] bytes = program.compile(LIBRARY);
    RbinModule module = RbinReader.read(bytes);

    assertThat(RbinWriter.write(module)).as("written again").isEqualTo(bytes);
    assertThat(program.compile(LIBRARY)).as("compiled again").isEqualTo(bytes);

    Map<String, byte[]> files = GoldenProgram.imports(module, LIBRARY);
    files.put("main", bytes);
    Running.Outcome outcome = Running.run(files, program.arguments());
    assertThat(outcome.errors().lines().findFirst().orElse(""))
        .as("standard error")
        .isEqualTo(program.firstError());
    assertThat(outcome.output()).as("standard output").isEqualTo(program.output());
    assertThat(outcome.exitCode()).isEqualTo(program.exitCode());
  }
}
