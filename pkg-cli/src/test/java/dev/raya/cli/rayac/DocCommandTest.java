package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.rayac.Tool.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rayac doc} and {@code rayac build --docs} (cli.md 3, packages.md 5). */
class DocCommandTest {
  @TempDir Path folder;

  private Tool tool() {
    return new Tool(folder)
        .project()
        .file(
            "src/main.raya",
            "/** Twice a number. */\nexport function twice(n: int): int { return n + n; }\n");
  }

  @Test
  void aSiteIsWritten() {
    Tool tool = tool();
    Outcome outcome = tool.run("doc");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains(".raya/doc/index.html");
    assertThat(tool.text(".raya/doc/demo.html")).contains("Twice a number.");
    assertThat(tool.run("doc", "--out", "site", "--output", "json").result().members())
        .containsKeys("index", "files");
    assertThat(tool.text("site/index.html")).contains("demo 1.0.0");
  }

  @Test
  void theModelIsThatOfTheBuild() {
    Tool tool = tool();
    Outcome printed = tool.run("doc", "--json");
    assertThat(printed.code()).isZero();
    assertThat(printed.json().members()).containsKeys("schema", "name", "version", "modules");
    assertThat(tool.run("build", "--docs").code()).isZero();
    assertThat(tool.text(".raya/out/docs.json")).isEqualTo(printed.out().stripTrailing());
    assertThat(tool.run("doc", "src/main.raya", "--json").out()).contains("\"twice\"");
  }

  @Test
  void whatDoesNotCompileHasNoPages() {
    Tool tool = tool().file("src/main.raya", "export const x: int = \"no\";\n");
    Outcome outcome = tool.run("doc");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("src/main.raya:1");
    assertThat(Files.exists(folder.resolve(".raya/doc"))).isFalse();
  }

  @Test
  void optionsThatExcludeEachOtherAreRefused() {
    assertThat(tool().run("doc", "--json", "--out", "x").code()).isEqualTo(2);
    assertThat(tool().run("doc", "nowhere.raya").code()).isEqualTo(2);
  }
}
