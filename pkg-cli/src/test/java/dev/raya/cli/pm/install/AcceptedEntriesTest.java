package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.disk.Directories;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an install accepted counts for the next one, as far as that asks the same and no further.
 */
final class AcceptedEntriesTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm(String... dependencies) {
    return Pm.in(folder).at(registry).project(dependencies);
  }

  private static Path metadataOf(Pm pm, TestPackage.Archive of) {
    return pm.home().resolve("cache/" + of.facts().checksum().hex() + "/metadata.json");
  }

  /** Changes an entry so that nothing but its bytes tells. */
  private static void damage(Path metadata, String from, String to) throws IOException {
    FileTime time = Files.getLastModifiedTime(metadata);
    String text = Files.readString(metadata);
    assertThat(text).contains(from);
    Files.write(metadata, text.replace(from, to).getBytes(StandardCharsets.UTF_8));
    Files.setLastModifiedTime(metadata, time);
  }

  @Test
  void mendedEntryIsJudgedByWhatItSaysNow() throws IOException {
    TestPackage.Archive fmt = registry.publish(TestPackage.of("fmt", "1.0.0").needing("net"));
    registry.publish(TestPackage.of("logging", "1.0.0"));
    Pm pm = pm("fmt = { version = \"^1.0\", grant = [\"net\"] }");
    assertThat(pm.run("install").exit()).isZero();
    String lock = pm.read("raya.lock");
    damage(metadataOf(pm, fmt), "\"net\"", "\"env\"");
    Pm.Outcome mended = pm.run("install", "--verify");
    assertThat(mended.exit()).as(mended.err()).isZero();
    assertThat(mended.err()).contains("warning[RAYA-PKG-015]");
    assertThat(pm.read("raya.lock")).isEqualTo(lock);

    damage(metadataOf(pm, fmt), "\"net\"", "\"env\"");
    pm.project("fmt = { version = \"^1.0\", grant = [\"net\"] }", "logging = \"^1.0\"");
    Pm.Outcome more = pm.run("install", "--verify");
    assertThat(more.exit()).as(more.err()).isZero();
    assertThat(pm.read("raya.lock")).contains("capabilities = [\"net\"]");
  }

  @Test
  void whatADamagedEntryLeftOutIsBroughtInOnceItIsMended() throws IOException {
    TestPackage.Archive all = registry.publish(TestPackage.of("all", "1.0.0"));
    TestPackage.Archive wide =
        registry.publish(
            TestPackage.of("wide", "1.0.0")
                .onFor("all", "^1", "linux-arm64", "linux-x64", "macos-arm64", "macos-x64"));
    Pm pm = pm("wide = \"^1\"");
    assertThat(pm.run("install").exit()).isZero();
    damage(
        metadataOf(pm, wide),
        "[\"linux-arm64\",\"linux-x64\",\"macos-arm64\",\"macos-x64\"]",
        "[\"windows-x64\"]");
    Directories.delete(pm.home().resolve("cache/" + all.facts().checksum().hex()));
    Pm.Outcome mended = pm.run("install", "--verify");
    assertThat(mended.exit()).as(mended.err()).isZero();
    assertThat(metadataOf(pm, all)).exists();
  }

  @Test
  void entriesAcceptedAtALowerLevelDoNotCountOnceTheProjectRaisesIt() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("logging", "1.0.0"));
    Pm pm = pm("fmt = \"^1.0\"");
    assertThat(pm.run("install").exit()).isZero();
    String manifest = pm.read("raya.toml");
    String lock = pm.read("raya.lock");
    String strict = "[trust]\nlevel = \"strict\"\n" + manifest;
    pm.write("raya.toml", strict);
    // What every package may do at normal it may not do at strict; lock does as is advised.
    Pm.Outcome unfit = pm.run("install", "--frozen");
    assertThat(unfit.err()).contains("RAYA-SEC-009");
    assertThat(pm.run("lock").exit()).isZero();
    assertThat(pm.read("raya.lock")).isNotEqualTo(lock).doesNotContain("granted");
    for (List<String> command :
        List.of(
            List.of("install"),
            List.of("install", "--frozen"),
            List.of("install", "--verify"),
            List.of("update"),
            List.of("add", "logging"))) {
      pm.write("raya.toml", strict);
      Pm.Outcome refused = pm.run(command.toArray(String[]::new));
      assertThat(refused.exit()).as(command + ": " + refused.err()).isEqualTo(3);
      assertThat(refused.err()).as(command.toString()).contains("error[RAYA-SEC-009]: fmt@1.0.0");
    }
    pm.write("raya.toml", manifest);
    Pm.Outcome lowered = pm.run("install");
    assertThat(lowered.err()).contains("error[RAYA-PKG-007]", "run `raya-pm lock`");
    assertThat(pm.run("lock").exit()).isZero();
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
    assertThat(pm.run("add", "logging").exit()).isZero();
    String both = pm.read("raya.toml");
    pm.write("raya.toml", "[trust]\nlevel = \"strict\"\n" + both);
    Pm.Outcome less = pm.run("remove", "logging");
    assertThat(less.err()).contains("error[RAYA-SEC-009]: fmt@1.0.0");
    assertThat(less.exit()).isEqualTo(3);
  }

  /** A lockfile does not say whether a range names its pre-release or {@code --pre} took it. */
  @Test
  void aPreReleaseThatNoRangeNamesGoesTheSameWayWithARecordAndWithout() throws IOException {
    registry.publish(TestPackage.of("aaa", "1.0.0").on("bbb", "^1.0"));
    registry.publish(TestPackage.of("bbb", "1.0.0"));
    registry.publish(TestPackage.of("bbb", "1.1.0-rc.1"));
    registry.publish(TestPackage.of("other", "1.0.0"));
    Pm pm = pm("aaa = \"^1.0\"");
    assertThat(pm.run("install", "--pre").exit()).isZero();
    String lock = pm.read("raya.lock");
    assertThat(lock).contains("1.1.0-rc.1");
    Pm fresh = Pm.in(folder.resolve("fresh")).at(registry).project("aaa = \"^1.0\"");
    fresh.write("raya.toml", pm.read("raya.toml"));
    fresh.write("raya.lock", lock);
    for (Pm each : List.of(pm, fresh)) {
      Pm.Outcome added = each.run("add", "other");
      assertThat(added.exit()).as(added.err()).isZero();
    }
    assertThat(pm.read("raya.lock"))
        .isEqualTo(fresh.read("raya.lock"))
        .doesNotContain("1.1.0-rc.1");
  }

  /** With a record what is plain is not read again; without one everything is. */
  @Test
  void editsComeToTheSameLockfileWhateverIsKnownOfTheEntries() throws IOException {
    registry.publish(TestPackage.of("leaf", "1.0.0"));
    registry.publish(TestPackage.of("leaf", "1.1.0"));
    registry.publish(TestPackage.of("net-lib", "1.0.0").needing("net").on("leaf", "^1"));
    registry.publish(TestPackage.of("middle", "1.0.0").on("leaf", "^1.0"));
    registry.publish(
        TestPackage.of("wide", "1.0.0").onFor("leaf", "^1", "linux-x64").on("middle", "^1"));
    registry.publish(TestPackage.of("lone", "1.0.0"));
    registry.publish(TestPackage.of("other", "1.0.0").on("middle", "^1").on("lone", "^1"));
    Pm pm =
        pm("wide = \"^1\"", "net-lib = { version = \"^1\", grant = [\"net\"] }", "middle = \"^1\"");
    assertThat(pm.run("install").exit()).isZero();
    for (List<String> command :
        List.of(
            List.of("add", "other"),
            List.of("remove", "wide"),
            List.of("remove", "net-lib"),
            List.of("add", "wide"),
            List.of("remove", "other", "middle"),
            List.of("remove", "wide"))) {
      String manifest = pm.read("raya.toml");
      String lock = pm.read("raya.lock");
      Pm.Outcome known = pm.run(command.toArray(String[]::new));
      assertThat(known.exit()).as(command + ": " + known.err()).isZero();
      String edited = pm.read("raya.toml");
      String then = pm.read("raya.lock");
      pm.write("raya.toml", manifest);
      pm.write("raya.lock", lock);
      Directories.delete(pm.home().resolve("closures"));
      Pm.Outcome unknown = pm.run(command.toArray(String[]::new));
      assertThat(unknown.exit()).as(command + ": " + unknown.err()).isZero();
      assertThat(pm.read("raya.toml")).as(command.toString()).isEqualTo(edited);
      assertThat(pm.read("raya.lock")).as(command.toString()).isEqualTo(then);
      assertThat(pm.run("install", "--frozen").exit()).isZero();
    }
    assertThat(pm.read("raya.lock")).doesNotContain("[[package]]");
  }

  /** A requirement that an override had replaced counts again once the override is gone. */
  @Test
  void anEditOfAnythingElseReadsWhatIsLocked() throws IOException {
    registry.publish(TestPackage.of("leaf", "1.0.0"));
    registry.publish(TestPackage.of("leaf", "2.0.0"));
    registry.publish(TestPackage.of("middle", "1.0.0").on("leaf", "^2"));
    Pm pm = pm("middle = \"^1\"");
    String plain = pm.read("raya.toml");
    pm.write("raya.toml", plain + "\n[resolution.override]\nleaf = \"^1\"\n");
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.read("raya.lock")).contains("\"leaf 1.0.0\"");
    pm.write("raya.toml", plain);
    Pm.Outcome added = pm.run("add", "leaf@^2");
    assertThat(added.exit()).as(added.err()).isZero();
    assertThat(pm.read("raya.lock")).contains("\"leaf 2.0.0\"").doesNotContain("\"leaf 1.0.0\"");
  }

  @Test
  void whatCameEarlyIsHeldToWhatTheProjectAsksFor() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm();
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.project().resolve("raya.lock")).exists();
    pm.write("raya.toml", "[trust]\nlevel = \"strict\"\n" + pm.read("raya.toml"));
    Pm.Outcome refused = pm.run("add", "fmt");
    assertThat(refused.err()).contains("error[RAYA-SEC-009]: fmt@1.0.0");
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(pm.home().resolve("cache")).isEmptyDirectory();
  }
}
