package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lockfiles after a merge, and the law that a frozen install takes what an install wrote. */
final class LockRepairTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void aMergeConflictIsRepairedWithTheVersionsOfBothSides() {
    registry.publish(TestPackage.of("aa", "1.0.0"));
    registry.publish(TestPackage.of("bb", "1.0.0"));
    registry.publish(TestPackage.of("cc", "1.0.0"));
    Pm pm = Pm.in(folder).at(registry).project("aa = \"^1\"", "bb = \"^1\"");
    assertThat(pm.run("lock").exit()).isZero();
    String ours = pm.read("raya.lock");
    pm.project("aa = \"^1\"", "cc = \"^1\"");
    assertThat(pm.run("lock").exit()).isZero();
    String theirs = pm.read("raya.lock");
    for (String name : new String[] {"aa", "bb", "cc"}) {
      registry.publish(TestPackage.of(name, "1.1.0"));
    }
    String conflict = "<<<<<<< ours\n" + ours + "=======\n" + theirs + ">>>>>>> theirs\n";
    pm.write("raya.lock", conflict);
    pm.project("aa = \"^7\"", "bb = \"^1\"", "cc = \"^1\"");
    assertThat(pm.run("lock", "--repair").exit()).isEqualTo(1);
    assertThat(pm.read("raya.lock")).isEqualTo(conflict);
    pm.project("aa = \"^1\"", "bb = \"^1\"", "cc = \"^1.1\"");
    assertThat(pm.run("install").err()).startsWith("error[RAYA-PKG-005]").contains("--repair");
    assertThat(pm.run("lock", "--repair", "--frozen").err()).contains("error[RAYA-PKG-006]");
    assertThat(pm.run("lock", "--repair").exit()).isZero();
    assertThat(pm.read("raya.lock"))
        .contains(
            "\"aa\"\nversion = \"1.0.0\"",
            "\"bb\"\nversion = \"1.0.0\"",
            "\"cc\"\nversion = \"1.1.0\"");
    assertThat(pm.run("install", "--frozen").exit()).isZero();
  }

  @Test
  void aNewerFormatIsRefusedWithAdvice() {
    Pm pm = Pm.in(folder).at(registry).project("# none");
    assertThat(pm.run("install").exit()).isZero();
    pm.write("raya.lock", pm.read("raya.lock").replace("version = 1\n", "version = 2\n"));
    assertThat(pm.run("install").err())
        .startsWith("error[RAYA-PKG-005]")
        .contains("expected format version 1, found 2; use a newer toolchain");
  }

  /** Whatever the graph: install, then frozen and offline, and no byte of the lockfile changes. */
  @Test
  void aFrozenInstallTakesEveryLockfileThatAnInstallWrote() {
    Random random = new Random(11);
    for (int i = 0; i < 8; i++) {
      for (int version = 1; version <= 2; version++) {
        TestPackage pkg = TestPackage.of("p" + i, version + "." + random.nextInt(5) + ".0");
        for (int on = 0; on < i; on++) {
          pkg = random.nextInt(3) == 0 ? pkg.on("p" + on, range(random)) : pkg;
        }
        registry.publish(pkg);
      }
    }
    int written = 0;
    for (int seed = 0; seed < 12; seed++) {
      Pm pm = Pm.in(folder.resolve("s" + seed)).with("RAYA_HOME", folder.resolve("h").toString());
      pm = pm.at(registry);
      pm.project(
          "p7 = \"" + range(random) + "\"",
          "alias = { package = \"p5\", version = \"" + range(random) + "\" }",
          "p6 = { version = \"^1\", targets = [\"windows-x64\"] }",
          "[dev-dependencies]",
          "p4 = \"" + range(random) + "\"",
          "[resolution]",
          random.nextBoolean() ? "targets = [\"linux-x64\", \"macos-arm64\"]" : "",
          random.nextInt(3) == 0 ? "conflict-strategy = \"strict\"" : "");
      if (pm.run("install").exit() != 0) {
        continue;
      }
      written++;
      String lock = pm.read("raya.lock");
      Pm.Outcome frozen = pm.run("install", "--frozen", "--offline", "--verify");
      assertThat(frozen.err()).isEmpty();
      assertThat(pm.read("raya.lock")).isEqualTo(lock);
      pm.write("raya.lock", lock.replace("\n", "\r\n"));
      assertThat(pm.run("install", "--frozen", "--offline", "--production").exit()).isZero();
      assertThat(pm.read("raya.lock")).contains("\r\n");
      pm.write("raya.lock", lock);
      assertThat(pm.run("lock").exit()).isZero();
      assertThat(pm.read("raya.lock")).isEqualTo(lock);
    }
    assertThat(written).isGreaterThan(4);
  }

  private static String range(Random random) {
    String[] ranges = {"^1", "^2", "^1 || ^2", "*", ">=1.0.0"};
    return ranges[random.nextInt(ranges.length)];
  }
}
