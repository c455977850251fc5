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

  private static String literals(int count) {
    return "type U = " + repeat(count, i -> (i == 0 ? "" : " | ") + "\"s" + i + "\"") + ";\n";
  }

  private static String variants(int count) {
    return repeat(count, i -> "interface V%d { kind: \"s%d\"; v%d: int }\n".formatted(i, i, i))
        + "type U = "
        + repeat(count, i -> (i == 0 ? "" : " | ") + "V" + i)
        + ";\n";
  }

  @Test
  void unionsHave255Members() {
    int n = 255;
    String switched = repeat(n, i -> "case \"s%d\": return %d;\n".formatted(i, i));
    String tests = repeat(n, i -> "if (u === \"s%d\") { return %d; }\n".formatted(i, i));
    String given = repeat(n, i -> "a.push(\"s%d\");\n".formatted(i));
    assertThat(
            errors(
                literals(n)
                    + "function f(u: U): int { switch (u) {"
                    + switched
                    + "} }\nfunction g(u: U): int {"
                    + tests
                    + "}\nconst a: U[] = [];\n"
                    + given
                    + "console.log(f(a[0]) + g(a[1]));"))
        .isEmpty();
  }

  @Test
  void largerUnionsAreRefused() {
    assertThat(errors(literals(30_000)))
        .extracting(Diagnostic::code)
        .containsExactly(DiagnosticCode.E0126);
  }

  @Test
  void matchAndSwitchTell255VariantsApart() {
    int n = 255;
    String handlers = repeat(n, i -> "s%d: (x) => x.v%d,\n".formatted(i, i));
    String cases = repeat(n, i -> "case \"s%d\": sum += u.v%d; break;\n".formatted(i, i));
    assertThat(
            errors(
                "import { match } from \"raya:std\";\n"
                    + variants(n)
                    + "function f(u: U): int { return match(u, {"
                    + handlers
                    + "}); }\nfunction g(u: U): int { let sum = 0; switch (u.kind) {"
                    + cases
                    + "} return sum; }\nconsole.log(f({ kind: \"s1\", v1: 2 }) + g({ kind: \"s2\", v2: 1 }));"))
        .isEmpty();
  }

  @Test
  void chainsOfConditionsAreLong() {
    int n = 1_500;
    String or = repeat(n, i -> (i == 0 ? "" : " || ") + "x === " + i);
    String and = repeat(n, i -> (i == 0 ? "" : " && ") + "x !== " + i);
    assertThat(
            errors(
                "function f(x: int): boolean { return "
                    + or
                    + "; }\nfunction g(x: int): int { if ("
                    + and
                    + ") { return 1; } return 2; }\nconsole.log(f(3), g(4));"))
        .isEmpty();
  }

  @Test
  void conditionsLieInArgumentsOfOneAnother() {
    int n = 40;
    assertThat(
            errors(
                "function h(x: boolean): boolean { return x; }\nfunction f(x: boolean): boolean { return "
                    + "h(".repeat(n)
                    + "x"
                    + " && x)".repeat(n)
                    + " && x; }\nconsole.log(f(true));"))
        .isEmpty();
  }

  @Test
  void thousandsOfPathsAreNarrowedInOneFunction() {
    int n = 2_000;
    String properties = repeat(n, i -> "p%d: int | null; ".formatted(i));
    String tests = repeat(n, i -> "if (b.p%d === null) { return 0; }\n".formatted(i));
    String uses = repeat(n, i -> "s += b.p%d;\n".formatted(i));
    String loops = repeat(n / 4, i -> "for (let i = 0; i < b.p%d; i++) { s += i; }\n".formatted(i));
    assertThat(
            errors(
                "interface B { "
                    + properties
                    + "}\nfunction f(b: B): int { let s = 0;\n"
                    + tests
                    + uses
                    + loops
                    + "return s; }\nexport { f };"))
        .isEmpty();
  }

  @Test
  void oneFunctionTriesAndCallsHundredsOfTimes() {
    int n = 700;
    String tries =
        repeat(n, i -> "try { s += g(); } catch (e) { s = " + i + "; } finally { s += 1; }\n");
    String calls = repeat(2 * n, i -> "console.log(id(new C(" + i + ")).x);\n");
    assertThat(
            errors(
                "class C { constructor(readonly x: int) {} }\nfunction id<T>(x: T): T { return x; }\n"
                    + "function g(): int { return 1; }\nfunction f(): int { let s = 0;\n"
                    + tries
                    + "return s; }\n"
                    + calls
                    + "console.log(f());"))
        .isEmpty();
  }

  @Test
  void functionsThatCaptureLieInOneAnother() {
    int n = 150;
    String open = repeat(n, i -> "function g%d(): int {\nlet w%d = v; v += 1;\n".formatted(i, i));
    String close = repeat(n, i -> "\n}\nreturn g%d() + v;".formatted(n - 1 - i));
    assertThat(
            errors(
                "function f(): int {\nlet v = 0;\n"
                    + open
                    + "return 1;"
                    + close
                    + "\n}\nconsole.log(f());"))
        .isEmpty();
  }

  @Test
  void genericsPassTheirParametersOnThroughThousands() {
    int n = 2_000;
    String chain =
        repeat(
            n,
            i -> "function f%d<T>(x: T, s: json): T { return f%d(x, s); }\n".formatted(i, i + 1));
    assertThat(
            compiler(
                    chain
                        + "function f%d<T>(x: T, s: json): T { return s as T; }\n".formatted(n)
                        + "function g<T>(x: T): void { g2([x]); }\nfunction g2<T>(x: T[]): void {}\n")
                .check(REQUEST)
                .diagnostics())
        .noneMatch(Diagnostic::isError);
  }

  @Test
  void ringsThatTheCheckerComparesAreWritten() {
    IntFunction<String> rings =
        n ->
            repeat(
                    n,
                    i ->
                        "interface A%d { next: A%d; v%d: int; } interface B%d { next: B%d; v%d: int; }\n"
                            .formatted(i, (i + 1) % n, i, i, (i + 1) % n, i))
                + "function f(a: A0): B0 { return a; }";
    assertThat(errors(rings.apply(2))).isEmpty();
    assertThat(errors(rings.apply(200))).isEmpty();
    assertThat(errors(rings.apply(400)))
        .singleElement()
        .satisfies(d -> assertThat(d.code()).isEqualTo(DiagnosticCode.E0301));
  }
}
