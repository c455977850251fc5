package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.integration.demo.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rayac} and {@code raya} of the toolchain, with no registry and no network. */
final class LanguageJourneyTest {
  @TempDir private Path folder = Path.of("");

  private Programs programs() {
    return Programs.of(Suite.BIN, folder.resolve("home"));
  }

  private Path source(String text) throws Exception {
    return Files.writeString(folder.resolve("main.raya"), text);
  }

  @Test
  void aProgramIsCompiledAndRunWithItsArguments() throws Exception {
    source(
        """
        import { args } from "raya:process";

        class Greeter {
          constructor(private readonly greeting: string) {}

          greet(name: string): string {
            return `${this.greeting}, ${name}!`;
          }
        }

        function main(): void {
          const greeter = new Greeter("hello");
          for (const name of args) {
            console.log(greeter.greet(name));
          }
        }
        """);
    Programs.Outcome compiled =
        programs().run(folder, "rayac", "compile", "main.raya", "-o", "out.rbin");
    assertThat(compiled.exit()).as(compiled.err()).isZero();
    Programs.Outcome run = programs().run(folder, "raya", "out.rbin", "world", "two words");
    assertThat(run).isEqualTo(new Programs.Outcome(0, "hello, world!\nhello, two words!\n", ""));
    assertThat(programs().run(folder, "rayac", "run", "main.raya").exit()).isZero();
  }

  @Test
  void severalErrorsAreShownWithTheirLinesAndCarets() throws Exception {
    source("function main(): void {\n  const n: int = \"one\";\n  missing();\n}\n");
    Programs.Outcome check = programs().run(folder, "rayac", "check", "main.raya");
    assertThat(check.exit()).isEqualTo(1);
    assertThat(check.err() + check.out())
        .contains("main.raya:2", "main.raya:3", "const n: int = \"one\";", "^");
    Programs.Outcome json =
        programs().run(folder, "rayac", "check", "main.raya", "--output", "json");
    assertThat(json.exit()).isEqualTo(1);
    assertThat(json.out())
        .contains(
            "\"code\":\"RAYA-E",
            "\"severity\":\"error\"",
            "\"span\":{",
            "\"line\":2",
            "\"line\":3");
  }

  @Test
  void anUncaughtErrorIsReportedOnStderrAndEndsWithOne() throws Exception {
    source("function main(): void {\n  throw new Error(\"broken\");\n}\n");
    Programs.Outcome run = programs().run(folder, "rayac", "run", "main.raya");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("broken", "main.raya:2");
  }

  @Test
  void aTestThatEndsTheProgramFailsAloneAndTheNextRuns() throws Exception {
    Files.writeString(
        folder.resolve("ends.test.raya"),
        """
        import { exit } from "raya:process";
        import { it } from "raya:test";
        it("is run before", () => {});
        it("ends all", () => { exit(0); });
        it("is run", () => {});
        """);
    Programs.Outcome test = programs().run(folder, "rayac", "test", "ends.test.raya");
    assertThat(test.exit()).isEqualTo(1);
    assertThat(test.out())
        .contains("x ends all", "Exit: the program ended", "2 passed, 1 failed, 0 skipped");
  }

  @Test
  void damagedBytecodeIsRefusedWithThree() throws Exception {
    source("function main(): void {\n  console.log(\"ok\");\n}\n");
    assertThat(programs().run(folder, "rayac", "compile", "main.raya", "-o", "out.rbin").exit())
        .isZero();
    byte[] good = Files.readAllBytes(folder.resolve("out.rbin"));
    Random random = new Random(5);
    for (int i = 0; i < 5; i++) {
      byte[] changed = good.clone();
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(folder.resolve("bad.rbin"), changed);
      Programs.Outcome run = programs().run(folder, "raya", "bad.rbin");
      assertThat(run.exit()).isEqualTo(3);
      assertThat(run.err()).contains("RAYA-RBIN-");
      assertThat(run.out()).isEmpty();
    }
    Files.write(folder.resolve("bad.rbin"), java.util.Arrays.copyOf(good, good.length - 1));
    assertThat(programs().run(folder, "raya", "bad.rbin").err())
        .contains("RAYA-RBIN-TruncatedFile");
  }

  @Test
  void usageErrorsEndWithTwoAndExplainWorksInAllPrograms() throws Exception {
    assertThat(programs().run(folder, "raya-pm", "instal").exit()).isEqualTo(2);
    assertThat(programs().run(folder, "raya-pm", "instal").err()).contains("install");
    assertThat(programs().run(folder, "raya").exit()).isEqualTo(2);
    Programs.Outcome explain = programs().run(folder, "raya-pm", "explain", "RAYA-PKG-009");
    assertThat(explain.exit()).isZero();
    assertThat(explain.out()).contains("RAYA-PKG-009");
    assertThat(programs().run(folder, "rayac", "explain", "RAYA-PKG-009").out())
        .isEqualTo(explain.out());
    for (String program : new String[] {"raya-pm", "rayac", "raya"}) {
      Programs.Outcome version = programs().run(folder, program, "--version");
      assertThat(version.exit()).isZero();
      assertThat(version.out()).isEqualTo(program + " 1.0.0\n");
    }
  }
}
