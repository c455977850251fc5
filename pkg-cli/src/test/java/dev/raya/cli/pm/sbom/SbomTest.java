package dev.raya.cli.pm.sbom;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bills of materials against the schemas that their makers publish. */
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
  void spdxIsValid() {
    Pm.Outcome outcome = project().run("sbom", "--format", "spdx");
    assertThat(outcome.exit()).isZero();
    assertThat(faults(SpecVersion.VersionFlag.V7, "spdx-2.3.schema.json", outcome.out())).isEmpty();
    assertThat(outcome.out())
        .contains("\"licenseDeclared\":\"Apache-2.0\"", "\"relationshipType\":\"DEPENDS_ON\"");
  }

  @Test
  void validatorFindsWhatIsNotOfTheSchema() {
    assertThat(faults(SpecVersion.VersionFlag.V7, "bom-1.6.schema.json", "{\"bomFormat\":\"X\"}"))
        .isNotEmpty();
    assertThat(faults(SpecVersion.VersionFlag.V7, "spdx-2.3.schema.json", "{\"name\":1}"))
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
