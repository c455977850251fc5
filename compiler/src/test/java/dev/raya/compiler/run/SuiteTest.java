package dev.raya.compiler.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.compiler.build.Compilation;
import dev.raya.compiler.build.Compiler;
import dev.raya.compiler.build.PackageImports;
import dev.raya.compiler.build.SourceTree;
import dev.raya.compiler.build.StandardLibrary;
import dev.raya.compiler.diagnostic.Diagnostic;
import dev.raya.compiler.diagnostic.DiagnosticText;
import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.RbinWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** {@code raya:test} (stdlib.md 6), by what a suite says to its runner. */
class SuiteTest {
  private static final String RUNNER =
      "import { runSuite } from \"raya:test\";\nimport \"./a.test\";\n"
          + "export async function main(args: string[]): Task<void> { await runSuite(args); }\n";

  private static final StandardLibrary LIBRARY = StandardLibrary.fromSources();

  private static Running.Outcome run(String suite, String... arguments) throws Exception {
    SourceTree sources = SourceTree.of(Map.of("a.test.raya", suite, "run.raya", RUNNER));
    Compilation done =
        new Compiler(LIBRARY, sources, PackageImports.NONE)
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", "run.raya", true)), "run.raya", true));
    assertThat(done.module()).as(DiagnosticText.render(done.diagnostics())).isNotNull();
    RbinModule program = Objects.requireNonNull(done.module());
    Map<String, byte[]> files = new TreeMap<>(GoldenProgram.imports(program, LIBRARY));
    files.put("main", RbinWriter.write(program));
    return Running.run(files, List.of(arguments));
  }

  private static String said(String suite) throws Exception {
    Running.Outcome outcome = run(suite, "#", "", "", "");
    return outcome.output() + outcome.errors();
  }

  @Test
  void bodiesThatGiveTasksAreAwaited() throws Exception {
    String said =
        said(
            """
            import { describe, it, each, assertEqual } from "raya:test";
            async function later(): Task<int> { return 1; }
            describe("sum", () => {
              it("adds", () => { assertEqual(1 + 1, 2); });
              it("waits", async () => { const x = await later(); assertEqual([x, 2], [1, 3]); });
              it("gives a task", () => later());
              each([1, 2], (x) => `row ${x}`, (x) => { assertEqual(x < 2, true); });
            });
            """);
    assertThat(said.lines().filter(l -> l.startsWith("#passed") || l.startsWith("#failed")))
        .anyMatch(l -> l.equals("#passed\t0"))
        .anyMatch(
            l ->
                l.startsWith(
                    "#failed\t1\tAssertionError\tthe values differ\\n- [1, 3]\\n+ [1, 2]\t"))
        .anyMatch(l -> l.equals("#passed\t2"))
        .anyMatch(l -> l.equals("#passed\t3"))
        .anyMatch(l -> l.startsWith("#failed\t4\t"));
    assertThat(said).contains("#case\t0\tsum > adds\trun\t5000\t\n");
  }

  /** The suites of the library, written in Raya, hold. */
  @TestFactory
  Stream<DynamicTest> librarySuites() throws Exception {
    Path folder = Path.of("src/test/resources/golden/suite");
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(f -> f.toString().endsWith(".test.raya")).sorted().toList();
    }
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () -> {
                      String said = said(Files.readString(file));
                      assertThat(said.lines().filter(l -> !l.startsWith("#snapshot")))
                          .as(said)
                          .allMatch(l -> l.startsWith("#"))
                          .noneMatch(l -> l.startsWith("#failed"))
                          .anyMatch(l -> l.startsWith("#passed"));
                    }));
  }

  @Test
  void hooksRunFromOutsideInAndBack() throws Exception {
    String said =
        said(
            """
            import { describe, it, beforeAll, afterAll, beforeEach, afterEach, fail } from "raya:test";
            beforeAll(() => { console.log("all+"); });
            afterAll(async () => { console.log("all-"); });
            beforeEach(() => { console.log("each+"); });
            afterEach(() => { console.log("each-"); });
            describe("inner", () => {
              beforeEach(async () => { console.log("inner+"); });
              afterEach(() => { console.log("inner-"); });
              it("a", () => { console.log("a"); fail("no"); });
              it("b", () => { console.log("b"); });
            });
            """);
    assertThat(said.lines().filter(l -> !l.startsWith("#")).toList())
        .containsExactly(
            "all+", "each+", "inner+", "a", "inner-", "each-", "each+", "inner+", "b", "inner-",
            "each-", "all-");
  }

  @Test
  void onlySkipsTheOthersAndSkipSkips() throws Exception {
    String said =
        said(
            """
            import { it } from "raya:test";
            it("a", () => {});
            it("b", () => {}, { only: true });
            it("c", () => {}, { only: true, skip: true });
            """);
    assertThat(said)
        .contains("#case\t0\ta\tskip")
        .contains("#case\t1\tb\trun")
        .contains("#case\t2\tc\tskip");
    assertThat(said).contains("#passed\t1").doesNotContain("#passed\t0");
  }

  @Test
  void checksHoldOrTellWhatDiffers() throws Exception {
    String said =
        said(
            """
            import { it, assert, assertEqual, assertNotEqual, assertSame, assertClose, assertNull, assertNotNull,
              assertContains, assertThrows, assertRejects, assertSnapshot } from "raya:test";
            function nothing(s: string): string | null { return s === "" ? s : null; }
            it("hold", async () => {
              assert(true);
              assertEqual({ a: [1, 2], b: "x" }, { a: [1, 2], b: "x" });
              assertNotEqual("a", "b");
              assertSame("a", "a");
              assertClose(0.1 + 0.2, 0.3);
              assertNull(nothing("x"));
              assertEqual(assertNotNull<string>("v"), "v");
              assertContains([[1], [2]], [2]);
              assertEqual(assertThrows(() => { throw new RangeError("r"); }).name, "RangeError");
              const e = await assertRejects(async () => { throw new TypeError("t"); });
              assertEqual(e.message, "t");
              assertSnapshot([1, 2], "list");
            });
            it("strings are quoted", () => { assertEqual("1\\n2", "1\\n3"); });
            class Point { constructor(private x: int) {} }
            it("what display forms cut off", () => {
              const long: int[] = [];
              for (let i = 0; i < 101; i++) { long.push(i); }
              assertEqual(long, [...long]);
              assertEqual([[[[1]]]], [[[[1]]]]);
              assertNotEqual([[[[1]]]], [[[[2]]]]);
              assertNotEqual(new Point(1), new Point(2));
              const longer = [...long];
              longer.push(1);
              assertNotEqual(longer, long);
            });
            """);
    assertThat(said).contains("#passed\t0").contains("#snapshot\thold list\t[1, 2]");
    assertThat(said).contains("\"1\\\\n2\"\t\"1\\\\n3\"");
    assertThat(said).contains("#passed\t2");
  }

  @Test
  void aTestThatLeavesAFailedTaskUnawaitedFails() throws Exception {
    String said =
        said(
            """
            import { it } from "raya:test";
            async function fails(): Task<void> { throw new RangeError("far"); }
            it("leaves it", async () => { const t = fails(); await later(); });
            it("is fine", async () => {});
            let tries = 0;
            it("is fine at last", async () => {
              tries++;
              if (tries < 3) { const t = fails(); await later(); }
              if (tries === 1) { throw new Error("once"); }
            }, { retry: 2 });
            async function later(): Task<void> {}
            """);
    assertThat(said)
        .contains(
            "#failed\t0\tAssertionError\ta Task failed and nobody awaited it: RangeError: far")
        .contains("#passed\t1")
        .contains("#passed\t2")
        .doesNotContain("Unawaited");
  }

  @Test
  void doublesOfWhatHasNoDoublesAreRefused() {
    assertThat(
            errors(
                """
                import { mock, spy, stub, Mock } from "raya:test";
                interface I { m(): int; }
                class C { m(): int { return 1; } }
                mock<int>();
                new Mock<string>();
                mock();
                new Mock<() => void>(1);
                stub<C>({});
                stub<I>(new C());
                stub<I>({ other: 1 });
                stub<I>({ m: () => "text" });
                const i = stub({});
                """))
        .containsExactly(
            "4 RAYA-E0328",
            "5 RAYA-E0328",
            "6 RAYA-E0310",
            "7 RAYA-E0210",
            "7 RAYA-E0303",
            "8 RAYA-E0328",
            "9 RAYA-E0303",
            "10 RAYA-E0301",
            "11 RAYA-E0301",
            "12 RAYA-E0310");
  }

  private static List<String> errors(String suite) {
    Compilation done =
        new Compiler(LIBRARY, SourceTree.of(Map.of("a.raya", suite)), PackageImports.NONE)
            .compile(
                new Compiler.Request(
                    "", "", List.of(new Compiler.Root("", "a.raya", true)), "a.raya", true));
    return done.diagnostics().stream()
        .filter(Diagnostic::isError)
        .map(d -> d.span().from().line() + " " + d.code().code())
        .toList();
  }
}
