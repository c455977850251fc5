package dev.raya.compiler.ssa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the passes make of code, as the text of the form shows it. */
final class OptimizerTest {
  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();
  private static final Path GOLDEN = Path.of("src/test/resources/golden/run");

  private static IrPackage lowered(SourceTree tree, String entry) {
    Compilation done =
        new Compiler(LIBRARY, tree, PackageImports.NONE)
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", entry, true)), entry, true));
    assertThat(done.diagnostics().stream().filter(d -> d.isError())).isEmpty();
    return Objects.requireNonNull(done.ir());
  }

  /** The SSA form of a function of a program, without marks of statements. */
  private static String text(String function, String program) {
    SourceFile file = SourceFile.of("main.raya", program);
    String all =
        Optimizer.text(lowered(name -> name.equals("main.raya") ? file : null, "main.raya"));
    int start = all.indexOf("\nfunction ", all.indexOf(" " + function + " (") - 14) + 1;
    int end = all.indexOf("\nfunction ", start);
    return all.substring(start, end < 0 ? all.length() : end)
        .lines()
        .filter(line -> !line.strip().startsWith(";"))
        .skip(1)
        .map(line -> line.substring(2) + "\n")
        .reduce("", String::concat)
        .stripTrailing();
  }

  @Test
  void everyFunctionOfTheGoldenProgramsGoesThroughTheForm() throws IOException {
    List<String> left = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.list(GOLDEN)) {
      files = all.filter(file -> file.toString().endsWith(".raya")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(40);
    for (Path file : files) {
      IrPackage ir = lowered(SourceTree.folder(GOLDEN), file.getFileName().toString());
      IrPackage improved = Optimizer.standard().run(ir, 1);
      for (int i = 0; i < ir.functions().size(); i++) {
        IrFunction before = ir.functions().get(i);
        if (before instanceof IrFunction.Local && before == improved.functions().get(i)) {
          left.add(file.getFileName() + ": " + before.name());
        }
      }
    }
    assertThat(left).isEmpty();
  }

  @Test
  void constantsAreFoldedAndDecidedBranchesGo() {
    assertThat(
            text(
                "f",
                """
                function f(x: int): int {
                  const debug = false;
                  const size = 4 * 1024 - 1;
                  if (debug) { return -1; }
                  return x + 1 + size;
                }
                """))
        .isEqualTo(
            """
              b0(v0: int):
                v1: int = INT 4096
                v2: int = IADD (v0, v1)
                RETURN v2""");
  }

  @Test
  void aDivisionByTheConstantZeroStays() {
    assertThat(text("f", "function f(): int { const zero = 0; return 1 / zero; }\n"))
        .contains("IDIV (v1, v0)");
  }

  @Test
  void numbersKeepNaNAndMinusZero() {
    assertThat(text("f", "function f(x: number): number { return x * 0.0 + 0.0; }\n"))
        .contains("NMUL")
        .contains("NADD");
  }

  @Test
  void unusedValuesGoAndErrorsStay() {
    assertThat(
            text(
                "f",
                """
                function f(a: int[], i: int): int {
                  const product = i * i;
                  const element = a[i];
                  return i;
                }
                """))
        .isEqualTo(
            """
              b0(v0: (int)[], v1: int):
                v2: int = LOAD_ELEM (v0, v1)
                RETURN v1""");
  }

  @Test
  void aTupleTakenApartAtOnceIsNotMade() {
    assertThat(
            text(
                "f",
                """
                function f(a: int, b: int): int {
                  let x = a;
                  let y = b;
                  [x, y] = [y, x];
                  return x - y;
                }
                """))
        .isEqualTo(
            """
              b0(v0: int, v1: int):
                v2: int = ISUB (v1, v0)
                RETURN v2""");
  }

  @Test
  void smallFunctionsAndConstructorsAreTakenIn() {
    assertThat(
            text(
                "f",
                """
                class Point {
                  x: int;
                  constructor(x: int) { this.x = x; }
                  get twice(): int { return this.x + this.x; }
                }
                function larger(a: int, b: int): int { return a < b ? b : a; }
                function f(a: int): int { return larger(new Point(a).twice, 0); }
                """))
        .doesNotContain("CALL")
        .contains("STORE_FIELD 0 (v1, v0)");
  }

  @Test
  void whatCanFailIsCalledSoThatItIsInTraces() {
    assertThat(
            text(
                "f",
                """
                function at(a: int[], i: int): int { return a[i]; }
                function f(a: int[]): int { return at(a, 9); }
                """))
        .contains("CALL 0:at argc 2");
  }

  @Test
  void overriddenMethodsAndThoseOfExportedClassesAreCalledThroughTheTable() {
    String program =
        """
        class Base { m(k: int): int { return 10 / k; } }
        %s
        function f(b: Base): int { return b.m(2); }
        """;
    assertThat(text("f", program.formatted(""))).contains(" CALL ");
    assertThat(
            text(
                "f",
                program.formatted("class Derived extends Base { m(k: int): int { return k; } }")))
        .contains("CALL_METHOD slot 0");
    assertThat(text("f", "export " + program.formatted(""))).contains("CALL_METHOD slot 0");
  }

  @Test
  void comparisonsWithConstantsBecomeASwitch() {
    assertThat(
            text(
                "f",
                """
                function f(s: string): int {
                  if (s === "a") { return 1; }
                  if (s === "b") { return 2; }
                  if (s === "c") { return 3; }
                  return 4;
                }
                """))
        .contains("SWITCH v0 \"a\" -> b1, \"b\" -> b2, \"c\" -> b3, else b4")
        .doesNotContain("SEQ");
  }

  @Test
  void testsThatAreDecidedByEarlierOnesGo() {
    assertThat(
            text(
                "f",
                """
                function f(a: int[]): int {
                  let sum = 0;
                  for (let i: int = 0; i < a.length; i++) {
                    if (i >= 0) { sum += i % 8; } else { sum -= 1; }
                  }
                  return sum;
                }
                """))
        .doesNotContain("IGE")
        .contains("IAND")
        .doesNotContain("IMOD");
  }

  @Test
  void aCounterThatMayWrapDecidesNothing() {
    assertThat(
            text(
                "f",
                """
                function f(n: int): int {
                  let i = 0;
                  while (i !== n) {
                    if (i < 0) { return -1; }
                    i++;
                  }
                  return i;
                }
                """))
        .contains("ILT");
  }

  @Test
  void equalProgramsGiveEqualTexts() throws IOException {
    SourceTree tree = SourceTree.folder(GOLDEN);
    String once = Optimizer.text(lowered(tree, "classes.raya"));
    assertThat(Optimizer.text(lowered(tree, "classes.raya"))).isEqualTo(once);
  }
}
