package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code rayac run} of what is no program. */
final class RunLibraryTest {
  private static final String LIBRARY =
      """
      export const K: int = 5;
      export class Box { n: int = 1; }
      export function twice(n: int): int { return n + n; }
      """;

  @TempDir Path folder = Path.of("");

  private static void assertRefused(Tool.Outcome outcome, String shown) {
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains("error[RAYA-CLI-001]: " + shown + " is a library and no program")
        .contains("function main(): void");
  }

  @Test
  void aLibraryIsNoProgramAsFileAndAsProject() {
    Tool tool = new Tool(folder).project().file("src/main.raya", LIBRARY);
    assertRefused(tool.run("run", "src/main.raya"), "src/main.raya");
    assertRefused(tool.run("run", folder.toString()), folder.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "console.log(twice(K));",
        "function main(): void { console.log(10); }",
        "const shown = (): void => console.log(10); shown();",
      })
  void whatDoesSomethingIsAProgram(String body) {
    Tool tool = new Tool(folder).project().file("src/main.raya", LIBRARY + body + "\n");
    assertThat(tool.run("run", "src/main.raya")).isEqualTo(new Tool.Outcome(0, "10\n", ""));
    assertThat(tool.run("run", folder.toString())).isEqualTo(new Tool.Outcome(0, "10\n", ""));
  }

  @Test
  void aModuleWithoutExportsIsAProgramEvenIfItDoesNothing() {
    Tool tool = new Tool(folder).file("idle.raya", "const k: int = 1;\n");
    assertThat(tool.run("run", "idle.raya").code()).isZero();
  }
}
