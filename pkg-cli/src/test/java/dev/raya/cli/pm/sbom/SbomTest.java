package dev.raya.cli.pm.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonReader;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bills of materials; CycloneDX against the schema that its makers publish. */
final class SbomTest {
  private static final String SCHEMAS = "classpath:dev/raya/cli/pm/sbom/";

  @TempDir Path folder;

  private TestRegistry registry;

  @BeforeEach
  void start() {
    registry = TestRegistry.start(42);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm project() {
    registry.publish(TestPackage.of("fmt", "1.0.0+build.5"));
    registry.publish(TestPackage.of("@acme/logging", "1.2.3").on("fmt", "^1.0"));
    registry.publish(TestPackage.of("test-kit", "0.5.0"));
    Pm pm = Pm.in(folder).at(registry).project("\"@acme/logging\" = \"^1\"");
    pm.write("raya.toml", pm.read("raya.toml") + "\n[dev-dependencies]\ntest-kit = \"0.5.0\"\n");
    assertThat(pm.run("install").exit()).isZero();
    registry.close();
    return pm;
  }

  private static Set<ValidationMessage> faults(
      SpecVersion.VersionFlag dialect, String schema, String document) {
    return JsonSchemaFactory.getInstance(dialect)
        .getSchema(SchemaLocation.of(SCHEMAS + schema))
        .validate(document, InputFormat.JSON);
  }

  @Test
  void cycloneDxIsValidAndTheSameEachTime() {
    Pm pm = project();
    Pm.Outcome outcome = pm.run("sbom", "--format", "cyclonedx");
    assertThat(outcome.err()).isEmpty();
    assertThat(faults(SpecVersion.VersionFlag.V7, "bom-1.6.schema.json", outcome.out())).isEmpty();
    assertThat(outcome.out())
        .contains(
            "\"purl\":\"pkg:raya/%40acme/logging@1.2.3\"",
            "\"purl\":\"pkg:raya/fmt@1.0.0%2Bbuild.5\"",
            "\"expression\":\"Apache-2.0\"",
            "\"alg\":\"SHA-256\"")
        .endsWith("}\n");
    assertThat(pm.run("sbom", "--format", "cyclonedx").out()).isEqualTo(outcome.out());
  }

  @Test
  void spdxNamesEveryPackageOnceAndRelatesOnlyWhatItNames() throws JsonException {
    Pm.Outcome outcome = project().run("sbom", "--format", "spdx");
    assertThat(outcome.exit()).isZero();
    Json.Obj document = (Json.Obj) JsonReader.read(outcome.out().getBytes(StandardCharsets.UTF_8));
    List<String> named = new ArrayList<>();
    for (Json each : ((Json.Array) Objects.requireNonNull(document.get("packages"))).items()) {
      named.add(text((Json.Obj) each, "SPDXID"));
      assertThat(text((Json.Obj) each, "licenseDeclared")).isIn("Apache-2.0", "NOASSERTION");
    }
    assertThat(named).hasSize(4).doesNotHaveDuplicates().contains("SPDXRef-Project");
    named.add("SPDXRef-DOCUMENT");
    List<String> kinds = new ArrayList<>();
    for (Json each : ((Json.Array) Objects.requireNonNull(document.get("relationships"))).items()) {
      assertThat(named)
          .contains(text((Json.Obj) each, "spdxElementId"))
          .contains(text((Json.Obj) each, "relatedSpdxElement"));
      kinds.add(text((Json.Obj) each, "relationshipType"));
    }
    assertThat(kinds).containsExactly("DESCRIBES", "DEPENDS_ON", "DEPENDS_ON", "DEPENDS_ON");
    assertThat(text(document, "spdxVersion")).isEqualTo("SPDX-2.3");
    assertThat(text(document, "documentNamespace")).startsWith("urn:uuid:");
  }

  private static String text(Json.Obj object, String member) {
    return ((Json.Str) Objects.requireNonNull(object.get(member))).value();
  }

  @Test
  void validatorFindsWhatIsNotOfTheSchema() {
    assertThat(faults(SpecVersion.VersionFlag.V7, "bom-1.6.schema.json", "{\"bomFormat\":\"X\"}"))
        .isNotEmpty();
  }

  @Test
  void productionLeavesDevelopmentOut() {
    Pm pm = project();
    assertThat(pm.run("sbom", "--format", "spdx").out()).contains("test-kit");
    assertThat(pm.run("sbom", "--format", "spdx", "--production").out())
        .doesNotContain("test-kit")
        .contains("logging");
    assertThat(pm.run("sbom", "--format", "xml").exit()).isEqualTo(2);
    assertThat(pm.run("sbom", "--format", "spdx", "-o", "bom.json").out())
        .isEqualTo("wrote bom.json, 3 components\n");
    assertThat(pm.read("bom.json")).startsWith("{\"SPDXID\"");
  }
}
