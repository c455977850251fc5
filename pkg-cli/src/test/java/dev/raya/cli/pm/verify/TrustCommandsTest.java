package dev.raya.cli.pm.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code trust} and {@code monitor}: what is trusted, and what the log says was published. */
final class TrustCommandsTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    return Pm.in(folder).at(registry).project("fmt = \"^1.0\"");
  }

  @Test
  void monitorListsEveryVersionOfANameOutOfTheWholeLog() {
    for (int i = 0; i < 150; i++) {
      registry.publish(TestPackage.of("other" + i, "1.0.0"));
    }
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "1.1.0"));
    Pm.Outcome outcome = pm().run("monitor", "fmt");
    assertThat(outcome.out())
        .contains(
            "301  fmt@1.0.0  2026-01-06T12:00:00Z  by the key "
                + registry.key().verificationKey().keyId().hex(),
            "302  fmt@1.1.0",
            "2 versions in 303 records of 127.0.0.1:" + registry.port());
    assertThat(outcome.exit()).isZero();
    assertThat(pm().run("monitor", "nosuch").out()).startsWith("0 versions in 303 records");
    assertThat(pm().run("monitor", "fmt", "--offline").exit()).isEqualTo(4);
    assertThat(pm().run("monitor", "No Name").exit()).isEqualTo(2);
  }

  @Test
  void monitorRaisesNoAlarmAboutARootThatAnotherProcessTakesMeanwhile() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm other = Pm.in(folder.resolve("other")).at(registry).project("fmt = \"^1.0\"");
    AtomicBoolean rotated = new AtomicBoolean();
    registry.tamper(
        "/log/checkpoint",
        served -> {
          if (rotated.compareAndSet(false, true)) {
            registry.newRoot(2, true);
            assertThat(other.with("RAYA_HOME", pm().home().toString()).run("install").exit())
                .isZero();
          }
          return served;
        });
    Pm.Outcome outcome = pm().run("monitor", "fmt");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(pm().home().resolve("registry")).isDirectory();
    assertThat(pm().run("monitor", "fmt").out()).contains("  root 2  ");
  }

  @Test
  void monitorListsNewRootsAndRefusesOneThatTheLogDoesNotHold() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.newRoot(2, true);
    Pm.Outcome logged = pm().run("monitor", "fmt");
    assertThat(logged.exit()).as(logged.err()).isZero();
    assertThat(logged.out()).contains("2  root 2  2026-01-06T12:00:00Z  sha256:");
    registry.newRoot(3, false);
    Pm.Outcome hidden = pm().run("monitor", "fmt");
    assertThat(hidden.exit()).isEqualTo(3);
    assertThat(hidden.err()).contains("error[RAYA-SEC-005]: root 3 of", "found: none");
  }

  @Test
  void recordThatIsHiddenFromTheMonitorLeadsToAnotherRoot() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "1.1.0"));
    registry.tamper(
        "/log/tile/entries/000.p/3",
        bundle ->
            new String(bundle, StandardCharsets.ISO_8859_1)
                .replace("\"1.1.0\"", "\"1.0.9\"")
                .getBytes(StandardCharsets.ISO_8859_1));
    Pm.Outcome outcome = pm().run("monitor", "fmt");
    assertThat(outcome.err()).contains("error[RAYA-SEC-006]", "expected: root", "found: root");
    assertThat(outcome.exit()).isEqualTo(3);
    assertThat(outcome.out()).isEmpty();
    registry.mend();
    assertThat(pm().run("monitor", "fmt").out()).contains("2 versions in 3 records");
  }

  @Test
  void trustShowsLevelRootMetadataAndLogAndSetsTheLevel() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    assertThat(pm().run("trust", "show").out()).isEqualTo("level normal\n");
    assertThat(pm().run("install").exit()).isZero();
    assertThat(pm().run("trust", "show", "--offline").out())
        .contains(
            "level normal\n" + registry.origin(),
            "  root        " + registry.fingerprint(),
            "  metadata    timestamp 1 until ",
            "  log         127.0.0.1:" + registry.port() + " at size 2");
    assertThat(pm().run("trust", "level", "strict").exit()).isZero();
    assertThat(pm().run("verify", "--offline").err()).contains("error[RAYA-SEC-009]");
    assertThat(pm().run("trust", "level", "none").exit()).isEqualTo(2);
    assertThat(pm().run("trust", "level", "normal").exit()).isZero();
    assertThat(pm().run("verify", "--offline").exit()).isZero();
    assertThat(pm().run("trust", "evidence").out()).isEqualTo("no evidence\n");
  }

  @Test
  void evidenceOfAForkIsListed() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    assertThat(pm().run("install").exit()).isZero();
    registry.replaceLeaf(
        0,
        new String(registry.leaf(0), StandardCharsets.UTF_8)
            .replace("\"actor\":\"17\"", "\"actor\":\"18\"")
            .getBytes(StandardCharsets.UTF_8));
    assertThat(pm().run("monitor", "fmt").err()).contains("error[RAYA-SEC-006]");
    assertThat(pm().run("trust", "evidence").out()).contains("checkpoint-", ".held\n", ".served\n");
  }

  @Test
  void aPinnedRootIsKeptAndAnotherOneIsRefused() throws Exception {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    String other = "sha256:" + "ab".repeat(32);
    Pm pm = pm();
    assertThat(pm.run("trust", "pin", registry.origin()).err()).contains("nothing is known here");
    assertThat(pm.run("trust", "pin", "acme").exit()).isEqualTo(2);
    assertThat(pm.run("trust", "pin", registry.origin(), "abc").exit()).isEqualTo(2);
    Path config = pm.home().resolve("config.toml");
    Files.createDirectories(pm.home());
    Files.writeString(
        config, "# mine\n[registries.acme]\nurl = \"" + registry.origin() + "\"\nmirrors = []\n");

    Pm.Outcome wrong = pm.run("trust", "pin", "acme", other);
    assertThat(wrong.out()).as(wrong.err()).contains("pinned acme", other);
    Pm.Outcome refused = pm.run("install");
    assertThat(refused.err()).contains("error[RAYA-SEC-002]", "pinned: " + other);
    assertThat(refused.exit()).isEqualTo(3);

    assertThat(pm.run("trust", "pin", "acme", registry.fingerprint().toString()).exit()).isZero();
    assertThat(pm.run("install").exit()).isZero();
    assertThat(Files.readString(config)).contains("mirrors", registry.fingerprint().toString());

    // What is known now cannot be pinned away, and the known root is the one that is pinned.
    Pm.Outcome against = pm.run("trust", "pin", registry.origin(), other);
    assertThat(against.err()).contains("error[RAYA-SEC-002]", "known: " + registry.fingerprint());
    assertThat(against.exit()).isEqualTo(3);
    assertThat(pm.run("trust", "pin", "acme", "--offline", "--output", "json").out())
        .contains("\"name\":\"acme\"", "\"root\":\"" + registry.fingerprint() + "\"");
  }
}
