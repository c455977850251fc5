package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.rayac.Tool.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rayac lint} and {@code rayac graph} (cli.md 3). */
class LintAndGraphTest {
  @TempDir Path folder;

  private Tool tool() {
    return new Tool(folder)
        .project()
        .file(
            "src/main.raya",
            "import { twice } from \"./lib\";\nfunction main(): void {\n  if (twice(2) == 4) {\n"
                + "    console.log(`four`);\n  }\n}\n")
        .file("src/lib.raya", "export function twice(n: int): int { return n + n; }\n");
  }

  @Test
  void findingsAreWarningsUnlessDenied() {
    Tool tool = tool();
    Outcome outcome = tool.run("lint");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err())
        .contains("RAYA-LINT-002")
        .contains("src/main.raya:3:16")
        .contains("RAYA-LINT-004");
    assertThat(tool.run("lint", "--deny-warnings").code()).isEqualTo(1);
  }

  @Test
  void certainFixesAreApplied() {
    Tool tool = tool();
    Outcome outcome = tool.run("lint", "--fix", "--deny-warnings");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(tool.text("src/main.raya"))
        .contains("twice(2) === 4")
        .contains("console.log(\"four\")");
  }

  @Test
  void dependenciesAndSymbolsAreDrawn() {
    Tool tool = tool();
    assertThat(tool.run("graph", "deps").out())
        .contains(".  (module)\n  imports -> src/lib.raya\n");
    Outcome symbols = tool.run("graph", "symbols", "--output", "json");
    assertThat(symbols.out())
        .contains("{\"from\":\".#main\",\"kind\":\"calls\",\"to\":\"src/lib.raya#twice\"}");
    assertThat(tool.run("graph", "deps", "--format", "dot").out()).startsWith("digraph \"deps\" {");
  }

  @Test
  void controlFlowOfOneFunctionIsDrawn() {
    Outcome flow = tool().run("graph", "cfg", "--function", "main");
    assertThat(flow.out()).contains(".#main:0  (block)").doesNotContain("twice:");
    assertThat(tool().run("graph", "cfg", "--function", "none").code()).isEqualTo(2);
  }

  @Test
  void graphsFitABudget() {
    Outcome outcome = tool().run("graph", "cfg", "--llm", "--llm-budget", "200");
    assertThat(outcome.out().length()).isLessThanOrEqualTo(801);
    assertThat(outcome.out()).contains("\"reduced\"");
  }
}
