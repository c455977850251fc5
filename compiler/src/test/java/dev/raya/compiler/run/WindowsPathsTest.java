package dev.raya.compiler.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.compiler.diagnostic.DiagnosticText;
import dev.raya.vm.bytecode.RbinReader;
import dev.raya.vm.bytecode.RbinWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** {@code raya:path} on Windows (stdlib.md 10), by a host that says it is that. */
final class WindowsPathsTest {
  private static String resource(String name) throws IOException {
    try (InputStream in = WindowsPathsTest.class.getResourceAsStream("/golden/windows/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void pathsAreThoseOfWindows() throws Exception {
    StandardLibrary library = StandardLibrary.fromSources();
    Compilation done =
        new Compiler(
                library,
                SourceTree.of(Map.of("main.raya", resource("paths.raya"))),
                PackageImports.NONE)
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", "main.raya", true)), "main.raya", true));
    assertThat(done.module()).as(DiagnosticText.render(done.diagnostics())).isNotNull();
    byte[] bytes = RbinWriter.write(Objects.requireNonNull(done.module()));
    Map<String, byte[]> files = GoldenProgram.imports(RbinReader.read(bytes), library);
    files.put("main", bytes);
    Running.Outcome outcome = Running.run(files, new RecordingHost(List.of(), "windows"));
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.output().lines().toList()).isEqualTo(resource("paths.out").lines().toList());
  }
}
