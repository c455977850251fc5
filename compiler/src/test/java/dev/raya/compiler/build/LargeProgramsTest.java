package dev.raya.compiler.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticCode;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Programs with much of one thing: they compile, or are refused with what is too much. Each would
 * take minutes if the work grew faster than the program.
 */
final class LargeProgramsTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  private static final Compiler.Request REQUEST =
      new Compiler.Request("", "", List.of(new Compiler.Root("", "a.raya", true)), "a.raya", true);

  private static Compiler compiler(String source) {
    return new Compiler(LIBRARY, SourceTree.of(Map.of("a.raya", source)), PackageImports.NONE);
  }

  private static List<Diagnostic> errors(String source) {
    return compiler(source).compile(REQUEST).diagnostics().stream()
        .filter(Diagnostic::isError)
        .toList();
  }

  private static String repeat(int count, IntFunction<String> part) {
    return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining());
  }

  @Test
  void objectsHoldFourThousandProperties() {
    IntFunction<String> object =
        n -> "const o = {" + repeat(n, i -> "p" + i + ": " + i + ", ") + "};\nconsole.log(o.p0);";
    assertThat(errors(object.apply(4_000))).isEmpty();
    assertThat(errors(object.apply(20_000)))
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.code()).isEqualTo(DiagnosticCode.E0701);
              assertThat(d.message()).contains("20000 properties, at most 4000");
            });
  }

  @Test
  void classesDeriveThrough256() {
    IntFunction<String> chain =
        n ->
            "class C0 { m(): int { return 0; } }\n"
                + repeat(n - 1, i -> "class C" + (i + 1) + " extends C" + i + " {}\n")
                + "console.log(new C"
                + (n - 1)
                + "().m());";
    assertThat(errors(chain.apply(256))).isEmpty();
    assertThat(errors(chain.apply(1_000)))
        .extracting(Diagnostic::code)
        .containsOnly(DiagnosticCode.E0128)
        .hasSize(1);
  }

  @Test
  void classesHaveThousandsOfMembers() {
    String methods = repeat(8_000, i -> "m" + i + "(): int { return " + i + "; }\n");
    String overrides = repeat(8_000, i -> "override m" + i + "(): int { return 1; }\n");
    assertThat(
            errors(
                "class A {\n"
                    + methods
                    + "}\nclass B extends A {\n"
                    + overrides
                    + "}\nconsole.log(new B().m7999());"))
        .isEmpty();
  }

  @Test
  void templatesHaveHundredsOfParts() {
    assertThat(
            errors(
                "function f(a: int): string { return `"
                    + "${a} x".repeat(700)
                    + "`; }\nconsole.log(f(1).length);"))
        .isEmpty();
  }

  @Test
  void interfacesMentionEachOtherInLongRings() {
    int n = 60;
    String interfaces =
        repeat(n, i -> "interface I%d { next: I%d | null; v: int }\n".formatted(i, (i + 1) % n));
    String functions =
        repeat(n, i -> "function g%d(x: I%d): I%d { return x; }\n".formatted(i, i, (i + 1) % n));
    assertThat(compiler(interfaces + functions).check(REQUEST).diagnostics()).isEmpty();
  }
}
