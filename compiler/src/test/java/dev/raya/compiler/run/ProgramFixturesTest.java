package dev.raya.compiler.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.StandardLibrary;
import dev.raya.vm.bytecode.RbinReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The compiled programs that the VM's own tests run ({@code
 * vm-runtime/src/test/resources/programs}) are what this compiler makes of {@code golden/run}.
 * {@code -Draya.golden.write=true} writes them anew.
 */
class ProgramFixturesTest {
  private static final Path FOLDER = Path.of("../vm-runtime/src/test/resources/programs");

  @Test
  void theProgramsOfTheVmAreWhatThisCompilerWrites() throws Exception {
    Map<String, byte[]> expected = fixtures();
    if (Boolean.getBoolean("raya.golden.write")) {
      write(expected);
    }
    Map<String, byte[]> found = stored();
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    for (Map.Entry<String, byte[]> file : expected.entrySet()) {
      assertThat(found.get(file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
    }
  }

  /** Files by path: programs with their output, the library once, and a table of all programs. */
  private static Map<String, byte[]> fixtures() throws Exception {
    StandardLibrary library = StandardLibrary.fromSources();
    Map<String, byte[]> files = new TreeMap<>();
    StringBuilder table = new StringBuilder();
    for (GoldenProgram program : GoldenProgram.all()) {
      // Benchmarks are long and use nothing that the others leave out.
      if (program.name().startsWith("bench_")) {
        continue;
      }
      String name = program.name();
      byte[] bytes = program.compile(library);
      files.put(name + "/main.rbin", bytes);
      files.put(name + "/main.out", program.output().getBytes(StandardCharsets.UTF_8));
      GoldenProgram.imports(RbinReader.read(bytes), library)
          .forEach((at, part) -> files.put("library/" + at.replace("raya:", "") + ".rbin", part));
      table.append(
          String.join(
              "\t",
              name,
              String.valueOf(program.exitCode()),
              String.join(" ", program.arguments()),
              program.firstError()));
      table.append('\n');
    }
    files.put("programs.tsv", table.toString().getBytes(StandardCharsets.UTF_8));
    return files;
  }

  private static Map<String, byte[]> stored() throws Exception {
    Map<String, byte[]> files = new TreeMap<>();
    if (Files.isDirectory(FOLDER)) {
      try (Stream<Path> paths = Files.walk(FOLDER)) {
        for (Path path : paths.filter(Files::isRegularFile).toList()) {
          String name = FOLDER.relativize(path).toString().replace('\\', '/');
          files.put(name, Files.readAllBytes(path));
        }
      }
    }
    return files;
  }

  private static void write(Map<String, byte[]> files) throws Exception {
    if (Files.isDirectory(FOLDER)) {
      try (Stream<Path> paths = Files.walk(FOLDER)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = FOLDER.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.write(path, file.getValue());
    }
  }
}
