package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.Json;
import dev.raya.cli.rayac.Tool.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rayac check} and {@code build} of a project that was checked and built before. */
class CheckAgainTest {
  @TempDir Path folder;

  private Tool tool() {
    return new Tool(folder)
        .project()
        .file(
            "src/main.raya",
            "import { twice } from \"./lib\";\n"
                + "function main(): void { console.log(`${twice(2)}`); }\n")
        .file("src/lib.raya", "export function twice(n: int): int { return n + n; }\n");
  }

  private static long checked(Tool tool, String... words) {
    Outcome outcome = tool.run(words);
    assertThat(outcome.code()).as(outcome.out()).isZero();
    assertThat(number(outcome, "modules")).isEqualTo(2);
    return number(outcome, "checked");
  }

  private static long number(Outcome outcome, String name) {
    if (outcome.result().members().get(name) instanceof Json.Int number) {
      return number.value();
    }
    throw new AssertionError(outcome.out());
  }

  @Test
  void whatIsInOrderIsNotCheckedAgain() {
    Tool tool = tool();
    assertThat(checked(tool, "check", "--output", "json")).isEqualTo(2);
    assertThat(checked(tool, "check", "--output", "json")).isZero();
    assertThat(checked(tool, "check", "src/main.raya", "--output", "json")).isZero();
    tool.file("src/lib.raya", "export function twice(n: int): int { return n * 2; }\n");
    assertThat(checked(tool, "check", "--output", "json")).isEqualTo(1);
    assertThat(checked(tool, "check", "--force", "--output", "json")).isEqualTo(2);
  }

  @Test
  void errorsAreTheSameAgain() {
    Tool tool = tool();
    assertThat(tool.run("check").code()).isZero();
    tool.file("src/lib.raya", "export function twice(n: int): string { return `${n}`; }\n");
    tool.file("src/main.raya", tool.text("src/main.raya").replace("twice(2)", "twice(\"\")"));
    Outcome first = tool.run("check");
    assertThat(first.code()).isEqualTo(1);
    assertThat(tool.run("check")).isEqualTo(first);
    assertThat(tool.run("check", "--force")).isEqualTo(first);
  }

  @Test
  void aFolderThatCannotBeWrittenIsCheckedAllTheSame() throws IOException {
    Tool tool = tool();
    tool.file(".raya", "in the way of the folder\n");
    assertThat(checked(tool, "check", "--output", "json")).isEqualTo(2);
    assertThat(checked(tool, "check", "--output", "json")).isEqualTo(2);
    assertThat(Files.readString(folder.resolve(".raya"))).startsWith("in the way");
  }

  @Test
  void forceBuildsTheSameAgain() throws IOException {
    Tool tool = tool();
    assertThat(tool.run("build").code()).isZero();
    Path made = folder.resolve(".raya/out/module.rbin");
    byte[] first = Files.readAllBytes(made);
    Files.setLastModifiedTime(made, java.nio.file.attribute.FileTime.fromMillis(0));
    assertThat(tool.run("build").code()).isZero();
    assertThat(Files.getLastModifiedTime(made).toMillis()).isZero();
    assertThat(tool.run("build", "--force").code()).isZero();
    assertThat(Files.getLastModifiedTime(made).toMillis()).isNotZero();
    assertThat(Files.readAllBytes(made)).isEqualTo(first);
  }
}
