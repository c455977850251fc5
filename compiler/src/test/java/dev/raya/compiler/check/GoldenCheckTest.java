package dev.raya.compiler.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.DiagnosticText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every {@code golden/check/NAME.raya} gives exactly the diagnostics in {@code NAME.diag}. To write
 * the expected files anew, run with {@code -Draya.golden.write=true} and read the difference.
 */
class GoldenCheckTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/golden/check");

  @TestFactory
  List<DynamicTest> diagnosticsAreAsExpected() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".raya")).sorted().toList()) {
        tests.add(DynamicTest.dynamicTest(file.getFileName().toString(), () -> compare(file)));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests;
  }

  private static void compare(Path file) throws IOException {
    String name = file.getFileName().toString();
    String text = Files.readString(file, StandardCharsets.UTF_8);
    String actual = DiagnosticText.render(Programs.check(name, text).diagnostics());
    Path expected = file.resolveSibling(name.replace(".raya", ".diag"));
    if (Boolean.getBoolean("raya.golden.write")) {
      Files.writeString(expected, actual, StandardCharsets.UTF_8);
    }
    assertThat(actual).isEqualTo(Files.readString(expected, StandardCharsets.UTF_8));
  }
}
