package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.rayac.Tool.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rayac test} (cli.md 3, stdlib.md 6). */
class TestCommandTest {
  private static final String SUM =
      """
      import { describe, it, assertEqual } from "raya:test";
      import { add } from "./sum";
      describe("add", () => {
        it("adds", () => { console.log("adding"); assertEqual(add(1, 2), 3); });
        it("fails", () => { assertEqual([add(1, 2), 4], [3, 5]); });
        it("is left out", () => {}, { skip: true });
      });
      """;

  @TempDir Path folder;

  private Tool tool() {
    return new Tool(folder)
        .project()
        .file("src/main.raya", "console.log(1);\n")
        .file("src/sum.raya", "export function add(a: int, b: int): int { return a + b; }\n");
  }

  @Test
  void resultsAreToldWithWhatDiffers() {
    Outcome outcome = tool().file("src/sum.test.raya", SUM).run("test");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("FAIL src/sum.test.raya  1 passed, 1 failed, 1 skipped")
        .contains("  x add > fails")
        .contains("AssertionError: the values differ")
        .contains("- expected [3, 5]")
        .contains("+ actual   [3, 4]")
        .contains("(src/sum.test.raya:5:23)")
        .contains("1 passed, 1 failed, 1 skipped in 1 file");
  }

  @Test
  void filterRunsWhatItNames() {
    Tool tool = tool().file("src/sum.test.raya", SUM);
    Outcome outcome = tool.run("test", "--filter", "add > adds", "--output", "json");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("\"passed\":1")
        .contains("\"failed\":0")
        .contains("\"output\":\"adding\\n\"");
    assertThat(tool.run("test", "--filter", "nothing").code()).isEqualTo(2);
    tool.file("src/other.test.raya", "import { it } from \"raya:test\";\nit(\"x\", () => {});\n");
    assertThat(tool.run("test", "--filter", "add > adds").out())
        .contains("sum.test.raya")
        .doesNotContain("other.test.raya");
  }

  @Test
  void filesAreIsolatedAndTheirOrderIsTheirNames() {
    Tool tool = tool();
    for (String name : new String[] {"b", "a", "c"}) {
      tool.file(
          "src/" + name + ".test.raya",
          "import { it, assertEqual } from \"raya:test\";\nimport { counter } from \"./counter\";\n"
              + "it(\""
              + name
              + "\", () => { counter.n++; assertEqual(counter.n, 1); });\n");
    }
    tool.file(
        "src/counter.raya",
        "class Counter { n: int = 0; }\nexport const counter = new Counter();\n");
    Outcome outcome = tool.run("test", "-j", "3");
    assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
    assertThat(
            outcome
                .out()
                .lines()
                .filter(l -> l.startsWith("ok"))
                .map(l -> l.split("/")[1].substring(0, 1)))
        .containsExactly("a", "b", "c");
  }

  @Test
  void endlessTestIsCutOffAndTheNextRuns() {
    Outcome outcome =
        tool()
            .file(
                "src/slow.test.raya",
                """
                import { it } from "raya:test";
                it("never ends", () => { while (true) {} }, { timeoutMs: 50 });
                it("is run", () => {});
                """)
            .run("test");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("x never ends")
        .contains("within 50 ms")
        .contains("1 passed, 1 failed");
  }

  @Test
  void testThatWaitsForEverFailsAloneAndTheNextRuns() {
    Outcome outcome =
        tool()
            .file(
                "src/wait.test.raya",
                """
                import { afterEach, it } from "raya:test";
                afterEach(() => { console.log("after"); });
                it("is run before", () => {});
                it("waits", () => { new Channel<int>(0).receive(); });
                it("is run", () => {});
                """)
            .run("test");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("x waits")
        .contains("Exit: the program ended during the test: Uncaught DeadlockError")
        .contains("2 passed, 1 failed, 0 skipped");
  }

  @Test
  void compileErrorsAreReportedAndOtherFilesRun() {
    Outcome outcome =
        tool()
            .file("src/a.test.raya", "let x: int = \"a\";\n")
            .file("src/b.test.raya", "import { it } from \"raya:test\";\nit(\"b\", () => {});\n")
            .run("test");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("RAYA-E0301").contains("src/a.test.raya:1:14");
    assertThat(outcome.out()).contains("FAIL src/a.test.raya").contains("ok   src/b.test.raya");
  }

  @Test
  void errorsOutsideOfTestsFailTheFile() {
    Tool tool =
        tool()
            .file(
                "src/a.test.raya",
                "import { it } from \"raya:test\";\nit(\"b\", () => {});\nthrow new Error(\"loading\");\n");
    Outcome outcome = tool.run("test");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("FAIL").contains("loading");
    assertThat(tool.run("test", "--output", "sarif").out())
        .contains("\"startLine\":3", "the tests cannot go on: Uncaught Error: loading\"");
  }

  @Test
  void filesOfTestsSeeWhatThePackageDeclares() {
    Outcome outcome =
        tool()
            .file(
                "src/declared.raya",
                "declare module \"host:db\" { export function query(sql: string): int; }\n")
            .file(
                "src/a.test.raya",
                "import { it } from \"raya:test\";\nimport { query } from \"host:db\";\n"
                    + "it(\"b\", () => { query(\"x\"); });\n")
            .run("test");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("imports host:db, which nobody supplies here");
  }

  @Test
  void snapshotsAreWrittenComparedAndUpdated() {
    Tool tool = tool();
    String suite =
        "import { it, assertSnapshot } from \"raya:test\";\nit(\"s\", () => { assertSnapshot([1, %s]); });\n";
    assertThat(tool.file("src/s.test.raya", suite.formatted("2")).run("test").code()).isZero();
    assertThat(tool.text("src/__snapshots__/s.test.raya.snap")).isEqualTo("# s 1\n| [1, 2]\n");
    assertThat(tool.run("test").code()).isZero();
    Outcome changed = tool.file("src/s.test.raya", suite.formatted("3")).run("test");
    assertThat(changed.code()).isEqualTo(1);
    assertThat(changed.out()).contains("- expected [1, 2]").contains("+ actual   [1, 3]");
    assertThat(tool.run("test", "--update-snapshots").code()).isZero();
    assertThat(tool.text("src/__snapshots__/s.test.raya.snap")).isEqualTo("# s 1\n| [1, 3]\n");
  }

  @Test
  void anUpdateKeepsWhatTestsThatDidNotPassHadAndDropsTheRest() {
    Tool tool = tool();
    String suite =
        """
        import { it, assert, assertSnapshot } from "raya:test";
        it("left out", () => { assertSnapshot(1); }, { skip: %1$s });
        it("fails", () => { assert(!%1$s); assertSnapshot(2); });
        it("late", () => { while (%1$s) {} assertSnapshot(3); }, { timeoutMs: 2000 });
        it("passes", () => { assertSnapshot(4); if (!%1$s) { assertSnapshot(5); } });
        %2$s
        """;
    String gone = "it(\"gone\", () => { assertSnapshot(6); });";
    Outcome first = tool.file("src/s.test.raya", suite.formatted("false", gone)).run("test");
    assertThat(first.code()).as(first.out() + first.err()).isZero();
    String kept = "# fails 1\n| 2\n\n# late 1\n| 3\n\n# left out 1\n| 1\n\n# passes 1\n| 4\n";
    assertThat(tool.text("src/__snapshots__/s.test.raya.snap"))
        .contains("# gone 1\n| 6\n")
        .contains("# passes 2\n| 5\n");
    Outcome updated =
        tool.file("src/s.test.raya", suite.formatted("true", "")).run("test", "--update-snapshots");
    assertThat(updated.out()).contains("1 passed, 2 failed, 1 skipped");
    assertThat(tool.text("src/__snapshots__/s.test.raya.snap")).isEqualTo(kept);
  }

  @Test
  void anUpdateKeepsWhatTestsBesideAFocusedOneHad() {
    Tool tool = tool();
    String suite =
        """
        import { it, assertSnapshot } from "raya:test";
        it("a", () => { assertSnapshot(1); }, { only: %s });
        it("b", () => { assertSnapshot(2); });
        """;
    assertThat(tool.file("src/s.test.raya", suite.formatted("false")).run("test").code()).isZero();
    tool.file("src/s.test.raya", suite.formatted("true")).run("test", "--update-snapshots");
    assertThat(tool.text("src/__snapshots__/s.test.raya.snap"))
        .isEqualTo("# a 1\n| 1\n\n# b 1\n| 2\n");
  }

  @Test
  void junitReportIsWellFormed() throws Exception {
    Tool tool = tool().file("src/sum.test.raya", SUM);
    tool.run("test", "--junit", "report.xml");
    var document =
        javax.xml.parsers.DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("report.xml").toFile());
    assertThat(Files.readString(folder.resolve("report.xml"))).contains("\n    at ");
    assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo(3);
    assertThat(document.getElementsByTagName("failure").getLength()).isEqualTo(1);
    assertThat(document.getElementsByTagName("skipped").getLength()).isEqualTo(1);
    assertThat(tool.run("test", "--output", "junit").out()).startsWith("<?xml");
  }

  @Test
  void withoutTestsTheCommandSaysSo() {
    assertThat(tool().run("test").code()).isEqualTo(2);
    assertThat(Files.exists(folder.resolve("src/__snapshots__"))).isFalse();
  }

  @Test
  void examplesOfDocCommentsAreRun() {
    Tool tool =
        tool()
            .file(
                "src/main.raya",
                """
                /** Adds. */
                export { add } from "./sum";
                """)
            .file(
                "src/sum.raya",
                """
                /**
                 * Adds.
                 *
                 * @example
                 * ```ts
                 * console.log(add(1, 2)); // prints 3
                 * ```
                 * ```ts
                 * import { add } from "demo";
                 * console.log(add(2, 2)); // prints 5
                 * ```
                 * ```sh
                 * not Raya
                 * ```
                 */
                export function add(a: int, b: int): int {
                  return a + b; // no example: ```ts
                }

                /**
                 * ```ts no_run
                 * while (true) { add(1, 1); }
                 * ```
                 * ```ts compile_fail
                 * add("1", 1);
                 * ```
                 * ```ts
                 * const text: string = add(1, 1);
                 * ```
                 * ```ts skip
                 * ```
                 */
                export class Sum {
                  /**
                   * ```ts
                   * throw new RangeError("far");
                   * ```
                   */
                  total: int = 0;
                }
                """)
            .file("src/a.test.raya", "import { it } from \"raya:test\";\nit(\"b\", () => {});\n");
    Outcome outcome = tool.run("test", "--doc");
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("FAIL src/sum.raya  3 passed, 4 failed")
        .contains("x example at line 8")
        .contains("- expected 5")
        .contains("+ actual   4")
        .contains("x example at line 27")
        .contains("src/sum.raya (example):28:22")
        .contains("RAYA-E0301")
        .contains("cannot be marked skip; there are compile_fail and no_run")
        .contains("Exit: the example ended with code 1")
        .contains("RangeError: far")
        .contains("(src/sum.raya (example):36:")
        .doesNotContain("a.test.raya");
    Outcome one = tool.run("test", "--doc", "--filter", "line 5", "--output", "json");
    assertThat(one.code()).as(one.out()).isZero();
    assertThat(one.out()).contains("\"passed\":1").contains("\"output\":\"3\\n\"");
  }
}
