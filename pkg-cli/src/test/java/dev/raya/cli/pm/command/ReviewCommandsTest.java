package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of the locked packages: audit, licenses, capabilities. */
final class ReviewCommandsTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm installed() {
    registry.publish(TestPackage.of("fmt", "1.0.0").under("MIT"));
    registry.publish(TestPackage.of("net-lib", "1.0.0").on("fmt", "^1.0").needing("net"));
    Pm pm = Pm.in(folder).at(registry).project("net-lib = { version = \"^1\", grant = [\"net\"] }");
    assertThat(pm.run("install").exit()).isZero();
    return pm;
  }

  @Test
  void auditEndsWithOneOnHitsAndZeroWithout() {
    Pm pm = installed();
    assertThat(pm.run("audit").out())
        .isEqualTo("2 packages checked against 0 advisories: no hits\n");
    registry.advise("RAYA-2026-1", "fmt", "1.0.1");
    Pm.Outcome hit = pm.run("audit");
    assertThat(hit.exit()).isEqualTo(1);
    assertThat(hit.out())
        .isEqualTo(
            """
            fmt 1.0.0  RAYA-2026-1  HIGH  Reads too far
              fixed in 1.0.1: `raya-pm audit --fix`
            2 packages checked against 1 advisory: 1 hit
            """);
    assertThat(pm.run("audit", "--output", "json").out())
        .contains("\"id\":\"RAYA-2026-1\"", "\"fixed\":[\"1.0.1\"]", "\"ok\":false");
    assertThat(pm.run("audit", "--offline").exit()).isEqualTo(1);
  }

  @Test
  void auditFixMovesToWhatNoAdvisoryHits() {
    Pm pm = installed();
    registry.advise("RAYA-2026-1", "fmt", "1.0.1");
    String lock = pm.read("raya.lock");
    Pm.Outcome impossible = pm.run("audit", "--fix");
    assertThat(impossible.exit()).isEqualTo(1);
    assertThat(impossible.err()).contains("hit by RAYA-2026-1");
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
    registry.publish(TestPackage.of("fmt", "1.0.1").under("MIT"));
    Pm.Outcome fixed = pm.run("audit", "--fix");
    assertThat(fixed.exit()).isZero();
    assertThat(fixed.out())
        .isEqualTo("fmt 1.0.0 -> 1.0.1\n2 packages checked against 1 advisory: no hits\n");
    assertThat(pm.read("raya.lock")).contains("fmt 1.0.1");
  }

  @Test
  void advisoriesAreWhatSignedMetadataNamesAndNothingElse() {
    Pm pm = installed();
    registry.advise("RAYA-2026-1", "fmt", "1.0.1");
    String signed =
        registry.signedPaths().stream()
            .filter(path -> path.matches("/advisories/[0-9a-f]{64}\\.osv\\.json"))
            .findFirst()
            .orElseThrow();
    registry.tamper(
        signed,
        list -> {
          byte[] changed = list.clone();
          changed[changed.length / 2] ^= 1;
          return changed;
        });
    Pm strict = pm.with("RAYA_TRUST_LEVEL", "strict");
    for (Pm.Outcome refused :
        List.of(pm.run("audit"), pm.run("audit", "--fix"), strict.run("update"))) {
      assertThat(refused.err()).contains("error[RAYA-SEC-003]");
      assertThat(refused.exit()).isEqualTo(3);
    }
    registry.mend();
    // The copy for people under the plain path counts for nothing.
    registry.tamper("/advisories/osv.json", list -> "[]".getBytes(StandardCharsets.UTF_8));
    assertThat(pm.run("audit").out()).contains("RAYA-2026-1");
  }

  @Test
  void malformedAdvisoriesAreRefused() {
    Pm pm = installed();
    registry.advise("bad id", "fmt", "1.0.1");
    assertThat(pm.run("audit").err()).contains("error[RAYA-NET-004]");
  }

  @Test
  void licencesAreListedAndChecked() throws IOException {
    Pm pm = installed();
    registry.close();
    assertThat(pm.run("licenses").out()).isEqualTo("Apache-2.0: net-lib 1.0.0\nMIT: fmt 1.0.0\n");
    Files.writeString(
        pm.home().resolve("config.toml"), "[policy]\nallow-licenses = [\"Apache-2.0\"]\n");
    Pm.Outcome refused = pm.run("licenses");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains("error[RAYA-RES-006]: fmt 1.0.0: its licence MIT is not allowed by [policy]");
    assertThat(pm.run("licenses", "--output", "json").out())
        .contains("\"license\":\"MIT\"", "\"allowed\":false");
  }

  @Test
  void capabilitiesSayWhatIsNeededGrantedAndWhy() {
    Pm pm = installed();
    assertThat(pm.run("capabilities").out())
        .isEqualTo(
            """
            fmt 1.0.0: needs nothing; may random, time
            net-lib 1.0.0: needs net; may net, random, time
              by way of this project -> net-lib 1.0.0
            """);
    assertThat(pm.run("capabilities", "--output", "json").out())
        .contains("\"needs\":[\"net\"]", "\"missing\":[]");
  }

  @Test
  void capabilityGrowthIsShownBeforeAnythingIsInstalled() throws IOException {
    Pm pm = installed();
    String lock = pm.read("raya.lock");
    assertThat(pm.run("capabilities", "--diff").out())
        .isEqualTo("an update changes no package's capabilities\n");
    registry.publish(
        TestPackage.of("net-lib", "1.1.0").on("fmt", "^1.0").needing("fs.read", "net"));
    assertThat(pm.run("capabilities", "--diff").out())
        .isEqualTo("net-lib 1.0.0 -> 1.1.0: needs more: fs.read\n");
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
    pm.project("net-lib = { version = \"^1.1\", grant = [\"net\"] }");
    Pm.Outcome refused = pm.run("install");
    assertThat(refused.exit()).isEqualTo(5);
    assertThat(refused.err()).contains("error[RAYA-SEC-020]: net-lib 1.1.0 needs \"fs.read\"");
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
    pm.project("net-lib = { version = \"^1.1\", grant = [\"net\", \"fs.read\"] }");
    Pm strict = pm.with("RAYA_TRUST_LEVEL", "strict");
    Pm.Outcome grown = strict.run("install", "--grant", "fmt=env");
    assertThat(grown.exit()).isEqualTo(5);
    assertThat(grown.err()).contains("error[RAYA-SEC-021]", "--grant net-lib=fs.read");
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
    Pm.Outcome shown = pm.run("install");
    assertThat(shown.exit()).isZero();
    assertThat(shown.err()).contains("warning[RAYA-SEC-021]: net-lib 1.1.0 needs more");
  }
}
