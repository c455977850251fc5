package dev.raya.cli.rayac;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cli.rayac.Tool.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --output sarif} against the schema of SARIF 2.1.0, and what the schema cannot say. */
class SarifTest {
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4)
          .getSchema(SchemaLocation.of("classpath:dev/raya/cli/console/sarif-schema-2.1.0.json"));

  @TempDir Path folder;

  private Tool tool() {
    return new Tool(folder);
  }

  /** The run of a log, which is valid. */
  private static Json.Obj run(Outcome outcome) {
    assertThat(SCHEMA.validate(outcome.out(), InputFormat.JSON)).as(outcome.out()).isEmpty();
    return (Json.Obj) at(outcome.json(), "runs").items().getFirst();
  }

  private static Json.Array at(Json.Obj object, String member) {
    return (Json.Array) Objects.requireNonNull(object.get(member), member);
  }

  private static String text(Json.Obj object, String member) {
    return CanonicalJson.text(Objects.requireNonNull(object.get(member), member));
  }

  @Test
  void validatorFindsWhatIsNotOfTheSchema() {
    assertThat(SCHEMA.validate("{\"version\":\"2.1.0\"}", InputFormat.JSON)).isNotEmpty();
    assertThat(
            SCHEMA.validate(
                "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"x\"}},"
                    + "\"results\":[{\"level\":\"bad\"}]}]}",
                InputFormat.JSON))
        .isNotEmpty();
  }

  @Test
  void failedTestsAreResultsAtTheirCalls() {
    Tool tool =
        tool()
            .project()
            .file(
                "src/a.test.raya",
                """
                import { it, assertEqual } from "raya:test";
                const check = (n: int): void => { assertEqual(n, 2); };
                it("passes", () => check(2));
                it("fails", () => check(3));
                it("never ends", () => { while (true) {} }, { timeoutMs: 50 });
                """)
            .file("src/b.test.raya", "const n: int = \"n\";\n");
    Outcome outcome = tool.run("test", "--output", "sarif");
    assertThat(outcome.code()).isEqualTo(1);
    List<Json> results = at(run(outcome), "results").items();
    assertThat(results).hasSize(3);
    assertThat(text((Json.Obj) results.get(0), "message"))
        .contains("'fails' failed: AssertionError: the values differ");
    assertThat(text((Json.Obj) results.get(0), "locations"))
        .contains("\"uri\":\"src/a.test.raya\"", "\"startColumn\":35,", "\"startLine\":2");
    assertThat(text((Json.Obj) results.get(1), "message")).contains("'never ends' failed: Timeout");
    assertThat(text((Json.Obj) results.get(1), "locations")).contains("\"startLine\":1");
    assertThat(text((Json.Obj) results.get(2), "ruleId")).isEqualTo("\"RAYA-E0301\"");
    assertThat(text((Json.Obj) results.get(2), "locations"))
        .contains("\"uri\":\"src/b.test.raya\"");
    assertThat(tool.run("test", "--llm").out())
        .contains("RAYA-CLI-004", "expected: 2", "actual: 3", "RAYA-E0301");
  }

  @Test
  void resultsHaveRulesPlacesAndNotes() {
    Json.Obj run =
        run(
            tool()
                .file("a b/ü.raya", "let x = 1;\nlet x = \"😀\"; missing;\n")
                .run("check", "a b/ü.raya", "--output", "sarif"));
    Json.Obj first = (Json.Obj) at(run, "results").items().getFirst();
    assertThat(text(first, "locations"))
        .isEqualTo(
            "[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"a%20b/%C3%BC.raya\","
                + "\"uriBaseId\":\"%SRCROOT%\"},\"region\":{\"byteLength\":1,\"byteOffset\":15,"
                + "\"endColumn\":6,\"endLine\":2,\"startColumn\":5,\"startLine\":2}}}]");
    assertThat(text(first, "relatedLocations")).contains("\"startLine\":1", "\"message\"");
    assertThat(text(run, "originalUriBaseIds")).startsWith("{\"%SRCROOT%\":");
    Json.Obj second = (Json.Obj) at(run, "results").items().getLast();
    assertThat(text(second, "locations")).contains("\"byteOffset\":27,", "\"startColumn\":15,");

    Json.Obj driver =
        (Json.Obj)
            Objects.requireNonNull(
                ((Json.Obj) Objects.requireNonNull(run.get("tool"))).get("driver"));
    List<Json> rules = at(driver, "rules").items();
    for (Json each : at(run, "results").items()) {
      Json.Obj result = (Json.Obj) each;
      Json.Obj rule = (Json.Obj) rules.get(Integer.parseInt(text(result, "ruleIndex")));
      assertThat(text(rule, "id")).isEqualTo(text(result, "ruleId"));
      assertThat(rule.members().keySet())
          .contains("shortDescription", "fullDescription", "help", "defaultConfiguration");
    }
  }

  @Test
  void fixesReplaceRegionsOfAFileWhoseDigestIsSaid() {
    Json.Obj run =
        run(tool().file("a.raya", "const a = 1\n").run("check", "a.raya", "--output", "sarif"));
    Json.Obj result = (Json.Obj) at(run, "results").items().getFirst();
    assertThat(text(result, "fixes"))
        .contains(
            "\"deletedRegion\":{\"byteLength\":0,\"byteOffset\":11,\"endColumn\":12,\"endLine\":1,"
                + "\"startColumn\":12,\"startLine\":1},\"insertedContent\":{\"text\":\";\"}");
    assertThat(text(run, "artifacts"))
        .isEqualTo(
            "[{\"hashes\":{\"sha-256\":"
                + "\"594543e4bdf96e6168a1386805e282fd175f61a15de183a73c08c0a982566074\"},"
                + "\"location\":{\"uri\":\"a.raya\",\"uriBaseId\":\"%SRCROOT%\"}}]");
  }

  @Test
  void editsOfOneFixAndFileStandTogether() {
    Json.Obj run =
        run(
            tool()
                .file("a.raya", "export function f(a: int): boolean { return !(a === 1); }\n")
                .run("lint", "a.raya", "--output", "sarif"));
    Json.Obj result = (Json.Obj) at(run, "results").items().getFirst();
    Json.Obj fix = (Json.Obj) at(result, "fixes").items().getFirst();
    assertThat(at(fix, "artifactChanges").items()).hasSize(1);
    Json.Obj change = (Json.Obj) at(fix, "artifactChanges").items().getFirst();
    assertThat(at(change, "replacements").items()).hasSize(2);
  }

  @Test
  void whatHasNoPlaceIsANotification() {
    Outcome outcome = tool().run("check", "none.raya", "--output", "sarif");
    assertThat(outcome.code()).isEqualTo(2);
    Json.Obj run = run(outcome);
    assertThat(at(run, "results").items()).isEmpty();
    assertThat(text(run, "invocations"))
        .contains("\"executionSuccessful\":false,\"exitCode\":2", "RAYA-CLI-001", "none.raya");
    assertThat(run(tool().run("check", "--nonsense", "--output", "sarif"))).isNotNull();
  }

  @Test
  void aCleanRunIsALogWithoutResults() {
    Json.Obj run =
        run(tool().file("a.raya", "console.log(1);\n").run("check", "a.raya", "--output", "sarif"));
    assertThat(at(run, "results").items()).isEmpty();
    assertThat(text(run, "invocations")).contains("\"executionSuccessful\":true,\"exitCode\":0");
  }

  @Test
  void filesElsewhereHaveTheirWholeUri() {
    Tool tool = tool().file("there/a.raya", "missing;\n").file("here/b.raya", "");
    Json.Obj run = run(tool.run("check", "../there/a.raya", "--cwd", "here", "--output", "sarif"));
    assertThat(text(run, "results"))
        .contains("\"uri\":\"file:///")
        .contains("/there/a.raya\"")
        .doesNotContain("uriBaseId");
  }
}
