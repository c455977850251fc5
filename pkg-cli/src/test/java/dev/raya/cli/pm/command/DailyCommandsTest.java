package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code update}, {@code outdated}, {@code version}, {@code tree}, {@code why}, {@code config}. */
final class DailyCommandsTest {
  @TempDir Path folder;

  private TestRegistry registry;

  @BeforeEach
  void start() {
    registry = TestRegistry.start(41);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /** A project locked to fmt 1.0.0 and logging 1.2.3, after which newer ones were published. */
  private Pm behind() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("logging", "1.2.3").on("fmt", "^1.0"));
    Pm pm =
        Pm.in(folder).at(registry).project("# mine", "logging = \"^1.2\"", "fmt = \"1.x\" # why");
    assertThat(pm.run("install").exit()).isZero();
    registry.publish(TestPackage.of("fmt", "1.0.1"));
    registry.publish(TestPackage.of("fmt", "1.3.0").needing("time"));
    registry.publish(TestPackage.of("fmt", "2.0.0"));
    registry.publish(TestPackage.of("logging", "1.2.4").on("fmt", "^1.0"));
    return pm;
  }

  @Test
  void updatePrintsOldAndNewAndMarksNewCapabilities() {
    Pm pm = behind();
    String manifest = pm.read("raya.toml");
    Pm.Outcome dry = pm.run("update", "--dry-run");
    assertThat(dry.out())
        .isEqualTo(
            """
              fmt 1.0.0 -> 1.3.0 (minor) NEW: needs time
              logging 1.2.3 -> 1.2.4 (patch)
            """);
    assertThat(pm.read("raya.lock")).contains("\"fmt 1.0.0\"");
    Pm.Outcome done = pm.run("update");
    assertThat(done.exit()).isZero();
    assertThat(done.out()).contains("fmt 1.0.0 -> 1.3.0 (minor) NEW: needs time\n");
    assertThat(pm.read("raya.lock")).contains("\"fmt 1.3.0\"");
    assertThat(pm.read("raya.toml")).isEqualTo(manifest);
    assertThat(pm.run("update").out()).contains("nothing to update\n");
  }

  @Test
  void updateOfOneNameLeavesTheOthersLocked() {
    Pm pm = behind();
    assertThat(pm.run("update", "logging").exit()).isZero();
    assertThat(pm.read("raya.lock")).contains("\"fmt 1.0.0\"", "version = \"1.2.4\"");
    Pm.Outcome unknown = pm.run("update", "loging");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).startsWith("error[RAYA-RES-002]").contains("did you mean logging?");
  }

  @Test
  void updateLatestWidensTheRangeAndKeepsTheComment() {
    Pm pm = behind();
    Pm.Outcome outcome = pm.run("update", "fmt", "--latest");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.out()).contains("raya.toml: fmt 1.x -> ^2.0.0\n", "2.0.0");
    assertThat(pm.read("raya.toml")).contains("# mine", "fmt = \"^2.0.0\" # why");
  }

  @Test
  void updateThatCannotBeDoneWritesNothing() {
    Pm pm = behind();
    String lock = pm.read("raya.lock");
    assertThat(pm.run("update", "--frozen").err()).startsWith("error[RAYA-PKG-006]");
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }

  @Test
  void outdatedTellsWhatIsSafeTheNewestAndTheJump() {
    Pm pm = behind();
    assertThat(pm.run("outdated").out())
        .isEqualTo(
            """
            package  locked  safe   newest  jump
            logging  1.2.3   1.2.4  1.2.4   patch
            fmt      1.0.0   1.3.0  2.0.0   major
            """);
    registry.yank("fmt", "1.0.0");
    assertThat(pm.run("outdated").out()).contains("major, locked version yanked\n");
    assertThat(pm.run("outdated", "--output", "json").out())
        .contains("\"jump\":\"major\",\"locked\":\"1.0.0\",\"name\":\"fmt\",\"newest\":\"2.0.0\"");
    pm.run("update", "--latest");
    assertThat(pm.run("outdated").out()).isEqualTo("all dependencies are up to date\n");
  }

  @Test
  void versionStepsAndSetsAndKeepsTheLockfileGood() {
    Pm pm = behind();
    assertThat(pm.run("version").out()).isEqualTo("0.1.0\n");
    assertThat(pm.run("version", "patch").out()).isEqualTo("0.1.0 -> 0.1.1\n");
    assertThat(pm.run("version", "minor").out()).isEqualTo("0.1.1 -> 0.2.0\n");
    assertThat(pm.run("version", "major").out()).isEqualTo("0.2.0 -> 1.0.0\n");
    assertThat(pm.run("version", "2.0.0-rc.1").out()).isEqualTo("1.0.0 -> 2.0.0-rc.1\n");
    assertThat(pm.run("version", "major").out()).isEqualTo("2.0.0-rc.1 -> 2.0.0\n");
    assertThat(pm.run("version", "2.1.0-rc.1").exit()).isZero();
    assertThat(pm.run("version", "patch").out()).isEqualTo("2.1.0-rc.1 -> 2.1.0\n");
    assertThat(pm.read("raya.toml")).contains("# mine", "version = \"2.1.0\"");
    assertThat(pm.run("install", "--frozen").exit()).isZero();
    assertThat(pm.run("version", "mayor").err()).contains("did you mean major?");
    assertThat(pm.run("version", "1.2").exit()).isEqualTo(2);
  }

  @Test
  void treeGoesDownUpAndShowsDuplicates() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "2.0.0"));
    registry.publish(TestPackage.of("logging", "1.0.0").on("fmt", "^1.0"));
    registry.publish(TestPackage.of("http", "1.0.0").on("fmt", "^2.0").on("logging", "^1.0"));
    Pm pm = Pm.in(folder).at(registry).project("http = \"^1\"", "logging = \"^1\"");
    pm.run("install");
    registry.close();
    assertThat(pm.run("tree", "--depth", "1").out()).isEqualTo("http 1.0.0\nlogging 1.0.0\n");
    assertThat(pm.run("tree", "--invert", "logging").out())
        .isEqualTo("logging 1.0.0\n  this project\n  http 1.0.0\n    this project\n");
    assertThat(pm.run("tree", "--duplicates").out())
        .startsWith("fmt 1.0.0\n  logging 1.0.0\n    this project\n")
        .contains("\nfmt 2.0.0\n  http 1.0.0");
    assertThat(pm.run("tree", "--invert", "htp").err()).contains("did you mean http?");
    assertThat(pm.run("why", "fmt").out())
        .isEqualTo(
            """
            this project -> http 1.0.0 -> fmt 2.0.0
            this project -> http 1.0.0 -> logging 1.0.0 -> fmt 1.0.0
            this project -> logging 1.0.0 -> fmt 1.0.0
            """);
    assertThat(pm.run("why", "fmt 2.0.0").out())
        .isEqualTo("this project -> http 1.0.0 -> fmt 2.0.0\n");
    Pm.Outcome limited = pm.run("why", "fmt", "--limit", "1");
    assertThat(limited.out().lines().count()).isEqualTo(1);
    assertThat(limited.err()).isEqualTo("and 2 more; --limit N prints more of them\n");
  }

  @Test
  void pathsAreCountedWhereThereAreTooManyToFollow() {
    registry.publish(TestPackage.of("p00", "1.0.0"));
    registry.publish(TestPackage.of("q00", "1.0.0"));
    for (int i = 1; i <= 30; i++) {
      String below = "%02d".formatted(i - 1);
      String here = "%02d".formatted(i);
      registry.publish(
          TestPackage.of("p" + here, "1.0.0").on("p" + below, "^1").on("q" + below, "^1"));
      registry.publish(
          TestPackage.of("q" + here, "1.0.0").on("p" + below, "^1").on("q" + below, "^1"));
    }
    Pm pm = Pm.in(folder).at(registry).project("p30 = \"^1\"");
    assertThat(pm.run("lock").exit()).isZero();
    Pm.Outcome outcome = pm.run("why", "p00", "--limit", "2");
    assertThat(outcome.err()).isEqualTo("and 536870910 more; --limit N prints more of them\n");
  }

  @Test
  void configUnsetLeavesNoEmptyTable() throws IOException {
    Pm pm = Pm.in(folder).project("# none");
    Files.createDirectories(pm.home());
    Path file = pm.home().resolve("config.toml");
    String mine = "# mine\n[output]\ncolor = \"auto\"   # as it comes\n";
    Files.writeString(file, mine);
    assertThat(pm.run("config", "set", "network.retries", "5").exit()).isZero();
    assertThat(pm.run("config", "set", "network.timeout", "9s").exit()).isZero();
    assertThat(pm.run("config", "unset", "network.retries").exit()).isZero();
    assertThat(Files.readString(file)).contains("[network]\ntimeout = \"9s\"\n");
    assertThat(pm.run("config", "unset", "network.timeout").exit()).isZero();
    assertThat(Files.readString(file).stripTrailing()).isEqualTo(mine.stripTrailing());
    String address = "https://acme.example";
    assertThat(pm.run("config", "set", "registries.acme.url", address).exit()).isZero();
    assertThat(pm.run("config", "unset", "registries.acme.url").exit()).isZero();
    assertThat(Files.readString(file).stripTrailing()).isEqualTo(mine.stripTrailing());
    assertThat(pm.run("config", "unset", "output.color").exit()).isZero();
    assertThat(Files.readString(file)).isEqualTo("# mine\n[output]\n");
  }

  @Test
  void pruneSaysWhatItRemovesAndWhatStays() {
    assertThat(Pm.in(folder).run("cache", "prune", "--help").out().replaceAll("\\s+", " "))
        .contains(
            "Removes from the cache every package that the lockfile of no known project names")
        .contains("What a running process holds or what was used within the last hour stays.");
  }

  @Test
  void configKeepsFormattingAndTellsWhatSetsASetting() throws IOException {
    Pm pm = Pm.in(folder).project("# none");
    Files.createDirectories(pm.home());
    Path file = pm.home().resolve("config.toml");
    Files.writeString(file, "# mine\n[output]\n  color = \"auto\"   # as it comes\n");
    assertThat(pm.run("config", "set", "output.color", "never").out())
        .isEqualTo("output.color = never\n");
    assertThat(Files.readString(file))
        .isEqualTo("# mine\n[output]\n  color = \"never\"   # as it comes\n");
    assertThat(pm.run("config", "set", "network.retries", "5").exit()).isZero();
    assertThat(Files.readString(file)).contains("retries = 5");
    assertThat(pm.run("config", "get", "network.retries").out()).isEqualTo("5\n");
    assertThat(pm.run("config", "get", "network.timeout").out()).isEqualTo("30s\n");
    assertThat(pm.with("RAYA_TIMEOUT", "9s").run("config", "list").out())
        .contains("network.timeout  9s     environment\n", "output.color     never  file\n");
    assertThat(pm.run("config", "unset", "network.retries").out())
        .isEqualTo("network.retries removed\n");
    assertThat(pm.run("config", "set", "network.retrys", "5").err())
        .contains("did you mean network.retries?");
    assertThat(pm.run("config", "set", "network.retries", "many").err())
        .contains("it takes a number from 0 to 20");
    assertThat(pm.run("config", "set", "registries.acme.url", "https://acme.example").exit())
        .isZero();
    assertThat(pm.run("config", "get", "registries.acme.url").out())
        .isEqualTo("https://acme.example\n");
    assertThat(pm.run("config", "list").err()).isEmpty();
  }

  @Test
  void doctorNamesEachFaultWithItsRemedy() throws IOException {
    Pm pm = behind();
    Pm.Outcome outside = pm.run("doctor");
    assertThat(outside.exit()).isEqualTo(4);
    assertThat(outside.out())
        .contains("ok    home: ", "FAULT toolchain\n", "ok    registry: http://127.0.0.1");
    Pm inside = pm.using(TestToolchain.in(folder.resolve("toolchain")));
    Files.createFile(folder.resolve("toolchain/bin/raya"));
    Pm.Outcome good = inside.run("doctor");
    assertThat(good.err()).isEmpty();
    assertThat(good.exit()).isZero();
    Path credentials = pm.home().resolve("credentials.toml");
    Files.writeString(credentials, "");
    Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-r--r--"));
    Pm.Outcome open = inside.run("doctor");
    assertThat(open.out()).contains("FAULT credentials\n", "ok    cache");
    assertThat(open.err()).contains("chmod 600 " + credentials);
    Files.delete(credentials);
    pm.write("raya.lock", "version = 1\n<<<<<<< ours\n");
    registry.close();
    Pm.Outcome bad = inside.run("doctor");
    assertThat(bad.out()).contains("FAULT registry\n", "FAULT project\n", "ok    credentials");
    assertThat(bad.err()).contains("RAYA-NET-001", "RAYA-PKG-005");
    assertThat(inside.run("doctor", "--offline").out()).contains("not asked (offline)");
  }

  @Test
  void offlineInAnEmptyHomeListsAllThatIsMissing() {
    Pm pm = behind();
    Pm.Outcome outcome =
        pm.with("RAYA_HOME", folder.resolve("other").toString()).run("install", "--offline");
    assertThat(outcome.exit()).isEqualTo(4);
    assertThat(outcome.err())
        .startsWith("error[RAYA-NET-003]")
        .contains("fmt@1.0.0", "logging@1.2.3");
  }
}
