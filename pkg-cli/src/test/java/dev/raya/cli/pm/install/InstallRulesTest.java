package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What flags, configuration and manifest add to a resolution. */
final class InstallRulesTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm(String... dependencies) {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "1.3.0").under("AGPL-3.0-only"));
    registry.publish(TestPackage.of("logging", "1.0.0").on("fmt", "^1.0"));
    registry.publish(TestPackage.of("logging", "1.2.3").on("fmt", "^1.0"));
    return Pm.in(folder).at(registry).project(dependencies);
  }

  private void config(Pm pm, String text) throws IOException {
    Files.createDirectories(pm.home());
    Files.writeString(pm.home().resolve("config.toml"), text);
  }

  @Test
  void lowestVersionsAreTriedFirstWhereAsked() {
    Pm pm = pm("logging = \"^1\"");
    assertThat(pm.run("lock", "--minimal-versions").exit()).isZero();
    assertThat(pm.read("raya.lock")).contains("logging\"\nversion = \"1.0.0\"", "fmt 1.0.0");
    Pm other = Pm.in(folder.resolve("other")).at(registry).project("logging = \"^1\"");
    assertThat(other.run("lock", "--direct-minimal").exit()).isZero();
    assertThat(other.read("raya.lock")).contains("logging\"\nversion = \"1.0.0\"", "fmt 1.3.0");
    assertThat(pm.run("lock", "--direct-minimal", "--minimal-versions").exit()).isEqualTo(2);
  }

  @Test
  void productionFetchesNothingThatOnlyDevelopmentNeeds() {
    registry.publish(TestPackage.of("test-kit", "1.0.0"));
    Pm pm = pm("fmt = \"^1\"", "[dev-dependencies]", "test-kit = \"^1\"");
    assertThat(pm.run("install", "--production").out())
        .isEqualTo("2 packages, 1 fetched, raya.lock written\n");
    String lock = pm.read("raya.lock");
    assertThat(lock).contains("test-kit");
    assertThat(pm.run("install", "--production", "--frozen", "--offline").exit()).isZero();
    assertThat(pm.run("install", "--frozen").out()).isEqualTo("2 packages, 1 fetched\n");
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }

  @Test
  void licencesOfTheManifestChooseTheVersion() {
    Pm pm = pm("fmt = \"^1\"", "[policy]", "allow-licenses = [\"Apache-2.0\", \"MIT\"]");
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.read("raya.lock")).contains("version = \"1.0.0\"").doesNotContain("1.3.0");
    Pm none = Pm.in(folder.resolve("none")).at(registry);
    none.project("fmt = \"^1.3\"", "[policy]", "deny-licenses = [\"AGPL-3.0-only\"]");
    Pm.Outcome refused = none.run("install");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains("error[RAYA-RES-004]")
        .contains("its licence AGPL-3.0-only is not allowed by [policy]");
    none.project("fmt = \"^1\"", "[policy]", "deny-licenses = [\"AGPL\"]");
    assertThat(none.run("install").err()).contains("error[RAYA-PKG-001]").contains("raya.toml:9");
  }

  @Test
  void theUsersLicencesHoldForWhatIsLockedToo() throws IOException {
    Pm pm = pm("fmt = \"^1\"");
    assertThat(pm.run("install").exit()).isZero();
    config(pm, "[policy]\ndeny-licenses = [\"AGPL-3.0-only\"]\n");
    Pm.Outcome refused = pm.run("install", "--frozen", "--offline");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .startsWith("error[RAYA-RES-006]: fmt 1.3.0 is locked, and its licence AGPL-3.0-only");
    config(pm, "[policy]\nadvisories = \"never\"\n");
    assertThat(pm.run("install").exit()).isEqualTo(2);
  }

  @Test
  void advisoriesMoveALockedVersionOnlyWhereThePolicyRefusesThem() throws IOException {
    Pm pm = pm("logging = \"^1\"");
    assertThat(pm.run("install").exit()).isZero();
    registry.publish(TestPackage.of("fmt", "1.3.1"));
    registry.advise("RAYA-2026-1", "fmt", "1.3.1");
    assertThat(pm.run("install").out()).startsWith("up to date");
    config(pm, "[policy]\nadvisories = \"refuse\"\n");
    Pm.Outcome frozen = pm.run("install", "--frozen");
    assertThat(frozen.err()).startsWith("error[RAYA-PKG-006]").contains("advisories hit");
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.read("raya.lock")).contains("fmt 1.3.1");
    assertThat(pm.run("install", "--frozen", "--offline").exit()).isZero();
  }

  @Test
  void withoutHeldAdvisoriesOfflineSaysWhatIsMissing() throws IOException {
    Pm pm = pm("fmt = \"^1\"");
    assertThat(pm.run("install").exit()).isZero();
    config(pm, "[policy]\nadvisories = \"refuse\"\n");
    assertThat(pm.run("install", "--offline").err())
        .startsWith("error[RAYA-NET-003]")
        .contains("the advisories of the registry");
  }

  @Test
  void packagesOfTheUsersListHaveNoMinimumAge() throws IOException {
    Pm pm = pm("fmt = \"^1\"");
    assertThat(pm.run("install", "--min-release-age", "9999w").err())
        .contains("error[RAYA-RES-004]");
    config(
        pm,
        "[trust]\nmin-release-age = \"9999w\"\nmin-release-age-exclude = [\"fmt\", \"other\"]\n");
    assertThat(pm.run("install").exit()).isZero();
  }

  /**
   * The age is counted from the time in the log: what the index says of it is held against that.
   */
  @Test
  void olderTimeInTheIndexMakesNoReleaseOlder() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = Pm.in(folder.resolve("aged")).at(registry).project("fmt = \"^1.0\"");
    assertThat(pm.run("install", "--min-release-age", "300w").exit()).isEqualTo(1);
    registry.tamper(
        TestRegistry.indexPath("fmt"),
        document ->
            new String(document, StandardCharsets.UTF_8)
                .replace("2026-01-06", "2016-01-06")
                .getBytes(StandardCharsets.UTF_8));
    Pm other = Pm.in(folder.resolve("lied-to")).at(registry).project("fmt = \"^1.0\"");
    Pm.Outcome backdated = other.run("install", "--min-release-age", "300w");
    assertThat(backdated.err()).contains("error[RAYA-SEC-005]", "time", "2026-01-06T12:00:00Z");
    assertThat(backdated.exit()).isEqualTo(3);
    registry.mend();
    assertThat(pm.run("install", "--min-release-age", "1w").exit()).isZero();
  }
}
