package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.signing.key.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Staged releases are taken where the command line names them, and nowhere else. */
final class StagedInstallTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);
  private final TestPackage next = TestPackage.of("fmt", "1.1.0");

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm(String name, String... dependencies) {
    return Pm.in(folder.resolve(name))
        .at(registry)
        .with("RAYA_TOKEN", "raya_reads")
        .project(dependencies.length == 0 ? new String[] {"fmt = \"^1.0\""} : dependencies);
  }

  private static void done(Pm.Outcome outcome) {
    assertThat(outcome.exit()).as(outcome.err()).isZero();
  }

  private static void refused(Pm.Outcome outcome, int exit, String... texts) {
    assertThat(outcome.err()).contains(texts);
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(exit);
  }

  @Test
  void stagedReleaseIsTakenByItsIdAloneAndLockedWithIt() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    String id = registry.stage(next);
    Pm pm = pm("app");
    done(pm.run("install"));
    assertThat(pm.read("raya.lock")).contains("version = \"1.0.0\"").doesNotContain("stage");

    Pm.Outcome taken = pm.run("install", "--stage", id);

    done(taken);
    assertThat(registry.lastAuthorization()).isEqualTo("Bearer raya_reads");
    assertThat(taken.err()).contains("staged release fmt@1.1.0 of ann", "in no log yet");
    assertThat(pm.read("raya.lock"))
        .contains("version = \"1.1.0\"", "stage = \"" + id + '"')
        .doesNotContain("log =");
    done(pm.run("install"));
    done(pm.run("install", "--frozen", "--offline"));
    done(pm.run("verify", "--offline"));
    cutDocument(pm);
    done(pm.run("install", "--frozen"));
    done(pm.run("verify", "--offline"));
    assertThat(pm.run("verify", "--explain").out()).contains(id + " of ", "in no log");
    assertThat(pm.read("raya.lock")).contains("stage = \"" + id + '"');
    registry.publish(TestPackage.of("wrap", "1.0.0").on("fmt", "^1.0"));
    done(pm.run("add", "wrap"));
    assertThat(pm.read("raya.lock")).contains("name = \"wrap\"", "stage = \"" + id + '"');
    done(pm.run("update", "fmt"));
    assertThat(pm.read("raya.lock")).contains("version = \"1.0.0\"").doesNotContain("stage");
  }

  /** As a power cut may leave it; who may publish what is staged is asked for again. */
  private static void cutDocument(Pm pm) throws IOException {
    try (Stream<Path> files = Files.walk(pm.home().resolve("registry"))) {
      Path held =
          files
              .filter(file -> file.toString().contains("/index/") && file.endsWith("fmt"))
              .findFirst()
              .orElseThrow();
      byte[] kept = Files.readAllBytes(held);
      Files.write(held, Arrays.copyOf(kept, kept.length / 2));
    }
  }

  @Test
  void lockfileWithAStageNeedsTheIdWhereTheCacheLacksIt() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    String id = registry.stage(next);
    Pm first = pm("first");
    done(first.run("install", "--stage", id));
    Pm other = pm("other");
    other.write("raya.lock", first.read("raya.lock"));
    String[] advice = {"error[RAYA-SEC-005]", "fmt@1.1.0", "raya-pm install --stage " + id};
    refused(other.run("install", "--frozen"), 3, advice);
    refused(other.run("install"), 3, advice);
    refused(other.with("RAYA_STAGE", id).run("install", "--frozen"), 3, advice);
    refused(other.run("add", "fmt@^1"), 3, advice);
    assertThat(registry.requests().stream().filter(each -> each.contains("/stages/"))).hasSize(1);
    done(other.run("install", "--frozen", "--stage", id));
    assertThat(other.read("raya.lock")).isEqualTo(first.read("raya.lock"));
    Pm offline = pm("offline");
    offline.write("raya.lock", first.read("raya.lock"));
    refused(offline.run("install", "--offline"), 4, "error[RAYA-NET-003]");
  }

  @Test
  void afterPromotionThePublishedVersionIsLocked() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    String id = registry.stage(next);
    Pm pm = pm("app");
    done(pm.run("install", "--stage", id));
    registry.promote(next, id);
    done(pm.run("install", "--frozen"));
    done(pm.run("lock"));
    assertThat(pm.read("raya.lock"))
        .contains("version = \"1.1.0\"", "log = {")
        .doesNotContain("stage");
    done(pm.run("install"));
    done(pm.run("verify"));
    Pm.Outcome again = pm.run("install", "--stage", id);
    done(again);
    assertThat(again.err()).contains("was promoted: fmt@1.1.0 is published");
  }

  @Test
  void promotionToOtherBytesIsRefused() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    String id = registry.stage(next);
    Pm pm = pm("app");
    done(pm.run("install", "--stage", id));
    String locked = pm.read("raya.lock");
    registry.promote(next.padded(100), id);
    refused(pm.run("install"), 3, "error[RAYA-PKG-009]", "other bytes than were staged");
    refused(pm.run("add", "fmt@^1.1"), 3, "error[RAYA-PKG-009]");
    assertThat(pm.read("raya.lock")).isEqualTo(locked);
  }

  @Test
  void releasesThatNeedEachOtherAreTakenTogether() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    String fmt = registry.stage(next);
    String wrap = registry.stage(TestPackage.of("wrap", "1.0.0").on("fmt", "^1.1"));
    Pm pm = pm("app", "wrap = \"^1.0\"");
    refused(pm.run("install", "--stage", wrap), 1, "error[RAYA-RES-");
    refused(pm.run("install", "--stage", fmt), 1, "error[RAYA-RES-");
    done(pm.run("install", "--stage", wrap, "--stage", fmt));
    assertThat(pm.read("raya.lock")).contains(fmt, wrap);
    done(pm.run("install", "--frozen"));
    done(pm.run("install", "--frozen", "--offline"));
    assertThat(pm.run("verify", "--explain").out()).contains("signed index names nobody yet");
  }

  @Test
  void aReleaseThatNothingAsksForIsNotSilentlyLeftOut() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "2.0.0"));
    String id = registry.stage(next);
    Pm pm = pm("app", "fmt = \"^2\"");
    refused(pm.run("install", "--stage", id), 1, "error[RAYA-RES-003]", "fmt@1.1.0");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
    refused(pm("usage").run("install", "--stage", "nonsense"), 2, "40 hexadecimal digits");
    Pm gone = pm("gone");
    refused(gone.run("install", "--stage", "0".repeat(40)), 1, "error[RAYA-REG-004]");
    done(pm.run("install"));
    refused(pm.run("install", "--frozen", "--stage", id), 1, "error[RAYA-PKG-006]", "fmt@1.1.0");
  }

  @Test
  void whatIsStagedIsSignedByWhomTheIndexAllows() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    String id = registry.stage(next, SigningKey.generate(new SecureRandom()));
    Pm pm = pm("stranger");
    refused(pm.run("install", "--stage", id), 3, "error[RAYA-SEC-008]");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
    String good = registry.stage(next);
    refused(
        pm("strict").with("RAYA_TRUST_LEVEL", "strict").run("install", "--stage", good),
        3,
        "error[RAYA-SEC-005]",
        "strict");
    registry.tamper(
        "/stages/" + good,
        document ->
            new String(document, StandardCharsets.UTF_8)
                .replaceFirst("\"size\":[0-9]+,\"tree\"", "\"size\":7,\"tree\"")
                .getBytes(StandardCharsets.UTF_8));
    refused(pm("tampered").run("install", "--stage", good), 3, "error[RAYA-");
  }

  /** A lockfile with a release of these bytes, whoever will have signed what is staged then. */
  private String lockedBy(String id) {
    Pm author = pm("author");
    done(author.run("install", "--stage", id));
    return author.read("raya.lock");
  }

  @Test
  void frozenAsksWhoMayPublishWhatIsStaged() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    String id = registry.stage(next);
    String lock = lockedBy(id);
    registry.stage(next, SigningKey.generate(new SecureRandom()));
    Pm victim = pm("victim");
    victim.write("raya.lock", lock);
    refused(victim.run("install", "--frozen", "--stage", id), 3, "error[RAYA-SEC-008]");
    refused(victim.run("install", "--stage", id), 3, "error[RAYA-SEC-008]");
  }

  @Test
  void aCacheThatSomebodyElseFilledShowsNotWhoMayPublish() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("wrap", "1.0.0"));
    String id = registry.stage(next);
    String lock = lockedBy(id);
    registry.stage(next, SigningKey.generate(new SecureRandom()));
    Pm attacker = pm("attacker").with("RAYA_TRUST_LEVEL", "permissive");
    done(attacker.run("install", "--stage", id));
    Pm victim = pm("victim");
    done(pm("victim", "wrap = \"^1.0\"").run("install"));
    Files.delete(victim.project().resolve("raya.lock"));
    pm("victim");
    copy(attacker.home().resolve("cache"), victim.home().resolve("cache"));
    victim.write("raya.lock", lock);
    refused(victim.run("install", "--frozen", "--offline"), 3, "error[RAYA-SEC-013]", "who may");
    refused(victim.run("install", "--frozen"), 3, "error[RAYA-SEC-008]");
    refused(victim.run("install"), 3, "error[RAYA-SEC-008]");
    refused(victim.run("verify"), 3, "error[RAYA-SEC-008]");
    // A document that no metadata names speaks for nobody either.
    Pm second = pm("second");
    done(pm("second", "wrap = \"^1.0\"").run("install"));
    pm("second");
    copy(attacker.home().resolve("cache"), second.home().resolve("cache"));
    second.write("raya.lock", lock);
    registry.publish(TestPackage.of("fmt", "1.0.1"));
    Pm known = pm("known");
    done(known.run("install"));
    refused(second.run("install", "--frozen", "--offline"), 3, "error[RAYA-SEC-013]");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path each : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(each).toString());
        if (!Files.exists(target)) {
          Files.createDirectories(target.getParent());
          Files.copy(each, target);
        }
      }
    }
  }

  @Test
  void afterPromotionNobodyNeedsTheReleaseAnyMore() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("other", "1.0.0"));
    String id = registry.stage(next);
    String lock = lockedBy(id);
    registry.promote(next, id);
    String[][] commands = {
      {"install"},
      {"add", "other"},
      {"lock"},
      {"install", "--stage", id},
      {"install", "--frozen"},
      {"install", "--frozen", "--stage", id}
    };
    for (int i = 0; i < commands.length; i++) {
      Pm pm = pm("home" + i);
      pm.write("raya.lock", lock);
      done(pm.run(commands[i]));
      boolean frozen = commands[i].length > 1 && commands[i][1].equals("--frozen");
      if (frozen) {
        assertThat(pm.read("raya.lock")).isEqualTo(lock);
        done(pm.run("install", "--frozen"));
        done(pm.run("verify"));
      } else {
        assertThat(pm.read("raya.lock"))
            .contains("version = \"1.1.0\"", "log = {")
            .doesNotContain("stage");
      }
    }
  }

  @Test
  void frozenTakesNothingElseForWhatWasPromoted() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    String id = registry.stage(next);
    String lock = lockedBy(id);
    registry.promote(next.padded(100), id);
    Pm pm = pm("frozen");
    pm.write("raya.lock", lock);
    refused(pm.run("install", "--frozen"), 3, "error[RAYA-PKG-009]", "other bytes");
  }

  @Test
  void anotherReleaseOfTheVersionTakesThePlaceOfTheLockedOne() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    String old = registry.stage(next);
    String lock = lockedBy(old);
    String staged = registry.stage(next.padded(100));
    Pm pm = pm("fresh");
    pm.write("raya.lock", lock);
    done(pm.run("install", "--stage", staged));
    assertThat(pm.read("raya.lock")).contains(staged).doesNotContain(old);
    Pm author = pm("author");
    done(author.run("install", "--stage", staged));
    assertThat(author.read("raya.lock")).contains(staged).doesNotContain(old);
    refused(author.run("install", "--stage", staged, "--stage", old), 2, staged, old);
  }

  @Test
  void kitsHoldNothingThatIsStaged() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm("app");
    done(pm.run("install"));
    done(pm.run("vendor"));
    String id = registry.stage(next);
    done(pm.run("install", "--stage", id));
    refused(pm.run("vendor"), 3, "error[RAYA-SEC-005]", "staged release");
    refused(pm.run("cache", "export"), 3, "error[RAYA-SEC-005]", "staged release");
    pm.write("vendor/raya.lock", pm.read("raya.lock"));
    refused(pm.run("install", "--offline"), 3, "error[RAYA-SEC-005]");
  }
}
