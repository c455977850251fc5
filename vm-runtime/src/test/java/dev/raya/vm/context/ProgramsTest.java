package dev.raya.vm.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.vm.bytecode.Capabilities;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Conformance: compiled programs of the language print what they should. {@code programs.tsv} has a
 * row for each: name, exit code, arguments, first line on standard error. The compiler's tests
 * compare these files with what they make of the sources, and write them.
 */
final class ProgramsTest {
  private static final Path FOLDER = Path.of("src/test/resources/programs");

  @TestFactory
  Stream<DynamicTest> programs() throws IOException {
    List<String> rows = Files.readAllLines(FOLDER.resolve("programs.tsv"));
    assertThat(rows).hasSizeGreaterThan(40);
    return rows.stream()
        .map(row -> row.split("\t", -1))
        .map(row -> DynamicTest.dynamicTest(row[0], () -> run(row)));
  }

  private static void run(String[] row) throws Exception {
    Path folder = FOLDER.resolve(row[0]);
    ProgramHost host = new ProgramHost(row[2].isEmpty() ? new String[0] : row[2].split(" "));
    int code;
    try (RayaRuntime runtime = new RayaRuntime(host, "1.0.0")) {
      code = runtime.run(new Stored(folder), "main", VmOptions.defaults()).exitCode();
    }
    assertThat(host.err.toString().lines().findFirst().orElse(""))
        .as("standard error")
        .isEqualTo(row[3]);
    assertThat(host.out.toString())
        .as("standard output")
        .isEqualTo(Files.readString(folder.resolve("main.out")));
    assertThat(code).as("exit code").isEqualTo(Integer.parseInt(row[1]));
  }

  /** The program {@code main} of a folder, and the library that all programs share. */
  private record Stored(Path folder) implements ModuleLoader {
    @Override
    public Resolved resolve(String importerKey, String specifier) throws VmException {
      String[] parts = specifier.split("/", 2);
      if (!Files.exists(file(parts[0]))) {
        throw new VmException(VmErrorKind.FUNCTION_NOT_FOUND, "no module " + specifier);
      }
      return new Resolved(parts[0], parts.length == 1 ? "" : parts[1]);
    }

    @Override
    public VerifiedModule load(String packageKey) {
      try {
        return Verifier.verify(Files.readAllBytes(file(packageKey)));
      } catch (IOException | RbinException e) {
        throw new AssertionError(packageKey + " does not load", e);
      }
    }

    private Path file(String packageKey) {
      return packageKey.equals("main")
          ? folder.resolve("main.rbin")
          : FOLDER.resolve("library").resolve(packageKey.replace("raya:", "") + ".rbin");
    }

    @Override
    public Set<String> grants(String packageKey) {
      return new TreeSet<>(Capabilities.NAMES);
    }

    @Override
    public String displayName(String packageKey) {
      return packageKey;
    }
  }
}
