package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.console.LlmReducer;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocsCommandTest {
  private static final String DOCS =
      """
      {"modules":[{"items":[
        {"kind":"class","members":[
          {"kind":"method","name":"contains","params":[{"name":"x","text":"how far"}],
           "returns":"whether it is inside","signature":"contains(x: number): boolean"}],
         "name":"Shape","signature":"class Shape","source":"src/index.raya:9",
         "text":"A shape.\\n\\nIt has an inside."},
        {"deprecated":"use Shape","examples":["area(2, 3)"],"kind":"function","name":"area",
         "signature":"function area(w: number, h: number): number","source":"src/index.raya:3",
         "text":"The area.\\u001b[31m"}],
       "specifier":"shapes","text":"Where to find shapes."}],
       "name":"shapes","schema":"raya-docs/1","version":"1.0.0"}
      """;

  @TempDir Path folder;
  private TestRegistry registry;

  @BeforeEach
  void publish() throws Exception {
    registry = TestRegistry.start(5);
    registry.publish(TestPackage.of("shapes", "1.0.0").documented(DOCS));
    registry.publish(TestPackage.of("plain", "1.0.0"));
    for (String name : List.of("shapes", "plain")) {
      registry.document(
          "/packages/" + name,
          "{\"latest\":\"1.0.0\",\"name\":\""
              + name
              + "\",\"versions\":[{\"time\":\"2026-01-01T00:00:00Z\",\"version\":\"1.0.0\"}]}");
    }
    registry.document("/packages/shapes/1.0.0/docs", DOCS);
    registry.document("/packages/shapes/1.0.0/readme", "# Shapes");
    registry.document("/packages/plain/1.0.0/readme", "# Plain");
  }

  @AfterEach
  void stop() throws Exception {
    registry.close();
  }

  private Pm pm() {
    return Pm.in(folder).at(registry).project("shapes = \"1.0.0\"", "plain = \"1.0.0\"");
  }

  private static String run(Pm pm, String... words) {
    Pm.Outcome outcome = pm.run(words);
    assertThat(outcome.exit()).as(List.of(words) + outcome.err()).isZero();
    return outcome.out();
  }

  @Test
  void aPackageShowsWhatItExportsWithTheFirstParagraphs() {
    Pm pm = pm();
    assertThat(run(pm, "docs", "shapes"))
        .isEqualTo(
            """
            shapes 1.0.0

            shapes
            Where to find shapes.

            class Shape
                A shape.

            function area(w: number, h: number): number
                Deprecated: use Shape
                The area.\uFFFD[31m
            """);
    assertThat(pm.run("docs", "shapes").err()).contains("page: ", "/p/shapes/v/1.0.0");
  }

  @Test
  void aNameShowsAllOfItAndAnUnknownOneTheNearest() {
    Pm pm = pm();
    assertThat(run(pm, "docs", "shapes", "Shape"))
        .isEqualTo(
            """
            class Shape
                A shape.

                It has an inside.

                contains(x: number): boolean

                    Parameters
                      x: how far

                    Returns
                      whether it is inside
            """);
    assertThat(run(pm, "docs", "shapes", "Shape.contains")).startsWith("contains(x: number)");
    Pm.Outcome unknown = pm.run("docs", "shapes", "aera");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).contains("called \"aera\"", "did you mean area?");
  }

  @Test
  void programsGetTheModelAndUnderABudgetLessOfIt() {
    Pm pm = pm();
    assertThat(run(pm, "docs", "shapes", "--output", "json"))
        .contains("\"modules\":[{\"items\":[{\"kind\":\"class\"", "\"text\":\"Where to find");
    assertThat(run(pm, "docs", "shapes", "area", "--output", "json"))
        .contains("\"items\":[{\"deprecated\":\"use Shape\"")
        .doesNotContain("Where to find");
    String fitted = run(pm, "docs", "shapes", "--llm", "--llm-budget", "120");
    assertThat(LlmReducer.tokens(fitted.strip())).isLessThanOrEqualTo(120);
    assertThat(fitted).contains("\"budget\":120", "\"ok\":true");
  }

  @Test
  void withoutDocumentationTheReadmeIsShown() {
    Pm pm = pm();
    assertThat(run(pm, "docs", "plain")).isEqualTo("# Plain\n");
    assertThat(run(pm, "docs", "shapes", "--readme")).isEqualTo("# Shapes\n");
    Pm.Outcome name = pm.run("docs", "plain", "x");
    assertThat(name.exit()).as(name.err()).isEqualTo(1);
    assertThat(name.err()).contains("RAYA-REG-004", "without documentation of x", "--readme");
    for (String odd : List.of("[]", "{\"schema\":\"raya-docs/9\"}", "{\"modules\":7}", "null")) {
      registry.document("/packages/plain/1.0.0/docs", odd);
      assertThat(run(pm, "docs", "plain")).as(odd).isEqualTo("# Plain\n");
    }
    assertThat(pm.run("docs", "plain", "x", "--api").exit()).isEqualTo(2);
  }

  @Test
  void offlineItComesFromTheCache() {
    Pm pm = pm();
    assertThat(pm.run("docs", "shapes", "--offline").err()).contains("RAYA-NET-003");
    run(pm, "install");
    registry.forgetRequests();
    assertThat(run(pm, "docs", "shapes", "area", "--offline"))
        .contains("function area(w: number, h: number): number", "Example", "area(2, 3)");
    Pm.Outcome plain = pm.run("docs", "plain", "--offline");
    assertThat(plain.err()).contains("RAYA-REG-004", "published without README.md");
    assertThat(registry.requests()).isEmpty();
  }
}
