package dev.raya.compiler.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import dev.raya.compiler.diagnostic.DiagnosticText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each code of language.md 19 by programs of its own: {@code golden/codes/CODE/N.raya} gives what
 * {@code N.diag} says, the code first among the errors (or, for a warning, alone).
 */
final class CodesTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden/codes");

  /** Codes that a source text alone cannot give: bytes, packages, limits, later versions. */
  private static final Set<DiagnosticCode> OTHERWISE =
      Set.of(
          DiagnosticCode.E0001,
          DiagnosticCode.E0128,
          DiagnosticCode.E0506,
          DiagnosticCode.E0507,
          DiagnosticCode.E0510,
          DiagnosticCode.E0514,
          DiagnosticCode.E0515,
          DiagnosticCode.E0516,
          DiagnosticCode.E0701,
          DiagnosticCode.E0703);

  @TestFactory
  Stream<DynamicTest> programsGiveTheirCode() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path program : files.filter(f -> f.toString().endsWith(".raya")).sorted().toList()) {
        String code = FOLDER.relativize(program).getName(0).toString();
        tests.add(
            DynamicTest.dynamicTest(
                code + " " + program.getFileName(), () -> compare(program, code)));
      }
    }
    return tests.stream();
  }

  private static void compare(Path program, String code) throws IOException {
    List<Diagnostic> found = Programs.check(Files.readString(program)).diagnostics();
    List<Diagnostic> errors = found.stream().filter(Diagnostic::isError).toList();
    Diagnostic first = errors.isEmpty() ? found.getFirst() : errors.getFirst();
    assertThat(first.code().code()).as(DiagnosticText.render(found)).isEqualTo("RAYA-" + code);
    Path expected = Path.of(program.toString().replace(".raya", ".diag"));
    if (Boolean.getBoolean("raya.golden.write")) {
      Files.writeString(expected, DiagnosticText.render(found));
    }
    assertThat(DiagnosticText.render(found)).isEqualTo(Files.readString(expected));
  }

  @Test
  void everyCodeHasTwoPrograms() throws IOException {
    for (DiagnosticCode code : DiagnosticCode.values()) {
      if (!OTHERWISE.contains(code)) {
        for (String name : List.of("1.raya", "2.raya")) {
          assertThat(FOLDER.resolve(code.name()).resolve(name)).exists();
        }
      }
    }
  }
}
