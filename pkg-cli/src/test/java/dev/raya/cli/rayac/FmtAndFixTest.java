package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.console.CommandSpec;
import dev.raya.cli.console.Program;
import dev.raya.cli.rayac.Tool.Outcome;
import dev.raya.compiler.format.Formatter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code rayac fmt}, {@code check --fix} and the forms of diagnostics (cli.md 1, 3). */
class FmtAndFixTest {
  @TempDir Path folder;

  private Tool tool() {
    return new Tool(folder);
  }

  @Test
  void sourcesOfTheProjectAreFormatted() {
    Tool tool =
        tool().project().file("src/main.raya", "let x=1\n").file("src/b.raya", "let y = 2;\n");
    Outcome outcome = tool.run("fmt");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).isEqualTo("formatted src/main.raya\n");
    assertThat(tool.text("src/main.raya")).isEqualTo("let x = 1;\n");
    assertThat(tool.run("fmt", "--check").code()).isZero();
  }

  @Test
  void checkChangesNothingAndFails() {
    Tool tool = tool().file("a.raya", "let x=1;");
    Outcome outcome = tool.run("fmt", "--check", "a.raya", "--output", "json");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.result().toString()).contains("a.raya");
    assertThat(tool.text("a.raya")).isEqualTo("let x=1;");
  }

  @Test
  void syntaxErrorsAreReportedAndTheFileStays() {
    Tool tool = tool().file("a.raya", "let x = ;\nlet y=1;");
    Outcome outcome = tool.run("fmt", "a.raya");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("RAYA-E0101");
    assertThat(tool.text("a.raya")).isEqualTo("let x = ;\nlet y=1;");
  }

  @Test
  void fileThatCannotBeKeptIsToldAndTheOthersAreFormatted() {
    Tool tool =
        tool().file("a.raya", "let x=1;").file("b.raya", "let y=1;").file("c.raya", "let z=1;");
    CommandSpec spec =
        CommandSpec.named("rayac", "test")
            .subcommand(
                FmtCommand.spec(
                    source ->
                        source.name().equals("b.raya")
                            ? new Formatter.Outcome.Unkept("formatting b.raya changed its comments")
                            : Formatter.format(source)))
            .build();
    Outcome outcome =
        tool.runOf(
            (words, streams, environment) ->
                new Program(spec, Program.UserOutput.NONE).run(words, streams, environment),
            "fmt",
            ".");
    assertThat(outcome.code()).isEqualTo(70);
    assertThat(outcome.err())
        .contains("error[RAYA-CLI-002]: formatting b.raya changed its comments")
        .contains("b.raya was left as it is");
    assertThat(outcome.out()).isEqualTo("formatted a.raya\nformatted c.raya\n");
    assertThat(tool.text("b.raya")).isEqualTo("let y=1;");
  }

  @Test
  void standardInputIsFormatted() {
    Outcome outcome = tool().runWith("let  x=1", "fmt", "--stdin");
    assertThat(outcome.out()).isEqualTo("let x = 1;\n");
  }

  @Test
  void diagnosticsStandApartAndAreCounted() {
    Tool tool =
        tool().file("a.raya", "const total = 1;\nconst b: int = \"x\";\nconsole.log(totl, b);\n");
    Outcome plain = tool.run("check", "a.raya");
    assertThat(plain.code()).isEqualTo(1);
    assertThat(plain.err())
        .isEqualTo(
            """
            error[RAYA-E0301]: '"x"' is not assignable to 'int'
              --> a.raya:2:16
              |
            2 | const b: int = "x";
              |                ^^^

            error[RAYA-E0201]: unknown name 'totl'; did you mean 'total'?
              --> a.raya:3:13
              |
            3 | console.log(totl, b);
              |             ^^^^
              fix: write 'total'

            2 errors; `rayac check --fix` mends 1 of them
            """);
    assertThat(tool.run("check", "a.raya", "--color", "always").err())
        .contains("  |                \u001b[1;31m^^^\u001b[0m\n");
    assertThat(tool.run("check", "a.raya", "--fix").code()).isEqualTo(1);
    assertThat(tool.text("a.raya")).endsWith("console.log(total, b);\n");
  }

  @Test
  void notesStandBesideTheirPlaces() {
    Tool tool =
        tool()
            .file("lib.raya", "export class Box {\n  private size: int = 1;\n}\n")
            .file(
                "a.raya",
                "import { Box } from \"./lib\";\nlet x = 1;\n\n\n\nlet x = new Box().size;\n");
    assertThat(tool.run("check", "a.raya").err())
        .isEqualTo(
            """
            error[RAYA-E0202]: 'x' is already declared in this scope
              --> a.raya:6:5
              |
            2 | let x = 1;
              |     - first declared here
            ...
            6 | let x = new Box().size;
              |     ^

            error[RAYA-E0210]: 'size' is private in 'Box'
              --> a.raya:6:19
              |
            6 | let x = new Box().size;
              |                   ^^^^
              = declared here
              --> lib.raya:2:11
              |
            2 |   private size: int = 1;
              |           ----

            2 errors
            """);
    assertThat(tool.run("check", "a.raya", "--color", "always").err())
        .contains("  |     \u001b[36m- first declared here\u001b[0m\n")
        .contains("  |           \u001b[36m----\u001b[0m\n");
    assertThat(tool.run("check", "a.raya", "--output", "json").out())
        .contains("\"inExcerpt\":true", "\"excerpt\":\"  |\\n2 | ");
  }

  @Test
  void importsThatAreMissingAreWritten() {
    Tool tool =
        tool()
            .project()
            .file("src/main.raya", "console.log(half(4), join(\"a\", \"b\"));\n")
            .file("src/math.raya", "export function half(n: int): int { return n / 2; }\n");
    assertThat(tool.run("check", "--fix").code()).isZero();
    assertThat(tool.text("src/main.raya"))
        .isEqualTo(
            "import { half } from \"./math\";\nimport { join } from \"raya:path\";\n"
                + "console.log(half(4), join(\"a\", \"b\"));\n");
  }

  @Test
  void fixesAreApplied() {
    Tool tool = tool().file("a.raya", "const a = 1\nconst b = 2\nconsole.log(a + b);\n");
    Outcome outcome = tool.run("check", "--fix", "a.raya", "--output", "json");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.result().members().get("fixed")).hasToString("Int[value=2]");
    assertThat(tool.text("a.raya")).isEqualTo("const a = 1;\nconst b = 2;\nconsole.log(a + b);\n");
  }

  @Test
  void fixesCarryTheDigestOfTheFile() {
    Outcome outcome =
        tool().file("a.raya", "const a = 1\n").run("check", "a.raya", "--output", "json");
    assertThat(outcome.out()).contains("\"digest\":\"sha256:");
    assertThat(outcome.out()).contains("\"text\":\";\"");
  }

  @Test
  void sarifNamesRulePlaceAndFix() {
    Outcome outcome =
        tool().file("a.raya", "const a = 1\n").run("check", "a.raya", "--output", "sarif");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out())
        .contains("\"version\":\"2.1.0\"")
        .contains("\"ruleId\":\"RAYA-E0102\"")
        .contains("\"uri\":\"a.raya\"")
        .contains("\"insertedContent\":{\"text\":\";\"}");
  }

  @Test
  void budgetHoldsForTools() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      text.append("let a").append(i).append(": int = \"wrong\";\n");
    }
    Outcome outcome =
        tool()
            .file("a.raya", text.toString())
            .run("check", "a.raya", "--llm", "--llm-budget", "4000");
    assertThat(outcome.out().length()).isLessThanOrEqualTo(16001);
    assertThat(outcome.out()).contains("RAYA-E0301").contains("\"reduced\"");
  }
}
