package dev.raya.compiler.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The acceptance examples of language.md 20, X01 to X60, those that run in {@code golden/run}:
 * legal programs have no error, and each refused program's first error is the one it names.
 */
class AcceptanceTest {
  private static String resource(String name) throws IOException {
    try (InputStream in = AcceptanceTest.class.getResourceAsStream("/golden/acceptance/" + name)) {
      if (in == null) {
        throw new IllegalStateException("missing " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String[]> programs(String file) throws IOException {
    List<String[]> programs = new ArrayList<>();
    for (String part : resource(file).split("(?m)^//# ")) {
      int end = part.indexOf('\n');
      if (end > 0) {
        programs.add(new String[] {part.substring(0, end), part.substring(end + 1)});
      }
    }
    return programs;
  }

  @TestFactory
  List<DynamicTest> legalProgramsHaveNoError() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String[] p : programs("legal.raya")) {
      tests.add(
          DynamicTest.dynamicTest(
              p[0],
              () -> {
                CheckResult result = Programs.check(p[1]);
                assertThat(
                        DiagnosticText.render(
                            result.diagnostics().stream().filter(Diagnostic::isError).toList()))
                    .isEmpty();
                assertThat(result.modules()).isNotEmpty();
              }));
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> refusedProgramsReportTheirCodeFirst() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (String[] p : programs("refused.raya")) {
      String code = p[0].split(" ")[1];
      tests.add(
          DynamicTest.dynamicTest(
              p[0],
              () -> {
                CheckResult result = Programs.check(p[1]);
                List<Diagnostic> errors =
                    result.diagnostics().stream().filter(Diagnostic::isError).toList();
                assertThat(errors).isNotEmpty();
                assertThat(errors.getFirst().code().code())
                    .as(DiagnosticText.render(errors))
                    .isEqualTo(code);
                assertThat(result.modules()).isEmpty();
              }));
    }
    return tests;
  }

  @Test
  void everyExampleIsRunOrRefused() throws IOException {
    List<String> found = new ArrayList<>();
    for (String[] p : programs("refused.raya")) {
      found.add(p[0].split(" ")[0]);
    }
    try (Stream<Path> runs = Files.list(Path.of("src/test/resources/golden/run"))) {
      runs.map(f -> f.getFileName().toString())
          .filter(name -> name.matches("x\\d\\d_.*\\.out"))
          .forEach(name -> found.add(name.substring(0, 3).toUpperCase(Locale.ROOT)));
    }
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 60).mapToObj(i -> "X" + i / 10 + i % 10).toList());
  }
}
