package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several packages with one lockfile at their root; commands start anywhere among them. */
final class WorkspaceTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @BeforeEach
  void publish() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "1.3.0"));
    registry.publish(TestPackage.of("fmt", "2.0.0"));
    registry.publish(TestPackage.of("kit", "1.0.0"));
    registry.publish(TestPackage.of("net-lib", "1.0.0").needing("net"));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm workspace(String base, String tool) {
    Pm pm = Pm.in(folder).at(registry);
    pm.write(
        "raya.toml",
        """
        [workspace]
        members = ["packages/*", "tool"]

        [workspace.dependencies]
        fmt = "^1.0"
        base = { path = "packages/base", version = "^0.1" }
        """);
    pm.write("packages/base/raya.toml", member("base", base));
    pm.write("tool/raya.toml", member("tool", tool));
    return pm;
  }

  private static String member(String name, String rest) {
    return "[package]\nname = \""
        + name
        + "\"\nversion = \"0.1.0\"\nmain = \"src/main.raya\"\n\n"
        + rest;
  }

  @Test
  void membersResolveTogetherIntoOneLockfileAtTheRoot() {
    Pm pm =
        workspace(
            "[dependencies]\nfmt = { workspace = true }\n[dev-dependencies]\nkit = \"^1\"\n",
            "[dependencies]\nbase = { workspace = true }\nfmt = \"^2\"\n");
    Pm.Outcome installed = pm.runIn("packages/base/src/..", "install");
    assertThat(installed.out()).isEqualTo("5 packages, 3 fetched, raya.lock written\n");
    assertThat(Files.exists(pm.project().resolve("packages/base/raya.lock"))).isFalse();
    String lock = pm.read("raya.lock");
    assertThat(lock)
        .contains(
            "source = \"path+packages/base\"\ndependencies = [\"fmt 1.3.0\", \"kit 1.0.0\"]",
            "source = \"path+tool\"\ndependencies = [\"base 0.1.0\", \"fmt 2.0.0\"]");
    for (String member : new String[] {"", "packages/base", "tool"}) {
      assertThat(pm.runIn(member, "install", "--frozen", "--offline").exit()).isZero();
    }
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }

  @Test
  void nothingToDoIsSeenFromARecordUntilAnyManifestChanges() throws IOException {
    Pm pm =
        workspace(
            "[dependencies]\nfmt = { workspace = true }\n",
            "[dependencies]\nbase = { workspace = true }\n");
    assertThat(pm.runIn("tool", "install").out()).contains("raya.lock written");
    assertThat(pm.runIn("tool", "install").out()).isEqualTo("up to date, 3 packages\n");
    assertThat(isRecorded(pm, "tool")).isTrue();
    assertThat(pm.runIn("tool", "install", "--frozen", "--offline").out()).startsWith("up to date");
    assertThat(isRecorded(pm, "")).as("first install at the root").isFalse();
    assertThat(isRecorded(pm, "")).isTrue();

    pm.write("packages/base/raya.toml", member("base", "[dependencies]\nkit = \"^1\"\n"));
    assertThat(pm.runIn("tool", "install", "--frozen").exit()).isEqualTo(1);
    assertThat(pm.runIn("tool", "install").out()).contains("raya.lock written");
    assertThat(isRecorded(pm, "tool")).isTrue();
    pm.write("packages/more/raya.toml", member("more", ""));
    assertThat(pm.runIn("tool", "install").out())
        .isEqualTo("4 packages, 0 fetched, raya.lock written\n");
    Files.delete(pm.project().resolve("packages/more/raya.toml"));
    assertThat(pm.runIn("tool", "install").out())
        .isEqualTo("3 packages, 0 fetched, raya.lock written\n");
  }

  @Test
  void theFirstMemberThatAPatternMatchesIsSeen() {
    Pm pm = Pm.in(folder).at(registry);
    pm.write("raya.toml", "[workspace]\nmembers = [\"packages/*\"]\n");
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.run("install").exit()).isZero();
    pm.write("packages/base/raya.toml", member("base", "[dependencies]\nkit = \"^1\"\n"));
    assertThat(pm.run("install", "--frozen").exit()).isEqualTo(1);
    assertThat(pm.run("install").out()).contains("2 packages", "raya.lock written");
  }

  @Test
  void aPatternThatNamesNoPackageIsTold() {
    Pm pm = Pm.in(folder).at(registry);
    pm.write("raya.toml", "[workspace]\nmembers = [\"packages/*\", \"pakages/*\"]\n");
    pm.write("packages/base/raya.toml", member("base", ""));
    pm.write("pakages/notes.txt", "no package");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).isZero();
    assertThat(outcome.err())
        .containsOnlyOnce("warning[RAYA-PKG-001]")
        .contains("[workspace] names pakages/*, and no folder like that holds a raya.toml")
        .contains("`raya-pm init pakages/app`, or take the pattern out of members");
    pm.write("pakages/more/raya.toml", member("more", ""));
    assertThat(pm.run("install").err()).doesNotContain("warning");
  }

  private static boolean isRecorded(Pm pm, String member) {
    Pm.Outcome outcome = pm.runIn(member, "install", "--output", "json");
    assertThat(outcome.exit()).isZero();
    return outcome.out().contains("\"upToDate\":true");
  }

  @Test
  void addAndRemoveInAMemberEditItsManifestAndTheRootsLockfile() {
    Pm pm = workspace("[dependencies]\n", "[dependencies]\n");
    String root = pm.read("raya.toml");
    assertThat(pm.runIn("tool", "add", "kit").exit()).isZero();
    assertThat(pm.read("tool/raya.toml")).endsWith("[dependencies]\nkit = \"^1.0.0\"\n");
    assertThat(pm.read("raya.toml")).isEqualTo(root);
    assertThat(pm.read("raya.lock")).contains("name = \"kit\"");
    assertThat(pm.runIn("tool", "remove", "kit").exit()).isZero();
    assertThat(pm.read("raya.lock")).doesNotContain("kit");
  }

  @Test
  void grantsForMembersDependenciesGoWhereTheyCount() {
    Pm pm = workspace("[dependencies]\nnet-lib = \"^1\"\n", "[dependencies]\n");
    Pm.Outcome refused = pm.run("install");
    assertThat(refused.exit()).isEqualTo(5);
    assertThat(refused.err()).contains("this project -> base -> net-lib");
    Pm.Outcome elsewhere = pm.runIn("tool", "install", "--grant", "net-lib=net");
    assertThat(elsewhere.exit()).isEqualTo(2);
    assertThat(elsewhere.err()).contains("no dependency of this member");
    assertThat(pm.runIn("packages/base", "install", "--grant", "net-lib=net").exit()).isZero();
    assertThat(pm.read("packages/base/raya.toml")).contains("grant = [\"net\"]");
    assertThat(pm.run("install", "--frozen", "--offline").exit()).isZero();
  }

  @Test
  void productionLeavesOutWhatOnlyMembersDevelopmentNeeds() {
    Pm pm = workspace("[dependencies]\nfmt = \"^1\"\n[dev-dependencies]\nkit = \"^1\"\n", "");
    assertThat(pm.run("install", "--production").out()).contains("4 packages, 1 fetched");
  }

  @Test
  void membersMayUseEachOtherForDevelopmentInACircle() {
    Pm pm =
        workspace(
            "[dev-dependencies]\ntool = { path = \"../../tool\" }\n",
            "[dependencies]\nbase = { workspace = true }\n");
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.run("install", "--frozen", "--offline").exit()).isZero();
    Pm round =
        workspace(
            "[dependencies]\ntool = { path = \"../../tool\" }\n",
            "[dependencies]\nbase = { workspace = true }\n");
    assertThat(round.run("install").err()).startsWith("error[RAYA-PKG-014]");
  }

  @Test
  void faultsNameTheMembersFile() {
    Pm pm = workspace("[dependencies]\nfmd = { workspace = true }\n", "");
    Pm.Outcome unknown = pm.run("install");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err())
        .contains("fmd is not in [workspace.dependencies]", "packages/base/raya.toml:7:1");
    workspace("[dependencies]\nfmt = \"^7\"\n", "");
    assertThat(pm.run("install").err()).contains("error[RAYA-RES-003]", "base");
    workspace("", "").write("packages/other/raya.toml", member("base", ""));
    assertThat(pm.run("install").err())
        .contains("packages/other and packages/base both hold the package base");
    pm.write("raya.toml", "[workspace]\nmembers = [\"nothing\"]\n");
    assertThat(pm.run("install").err()).contains("[workspace] names nothing, which holds no raya");
  }

  @Test
  void packInAMemberPublishesTheRangeOfTheWorkspace() throws IOException {
    Pm pm =
        workspace("", "[dependencies]\nfmt = { workspace = true }\nbase = { workspace = true }\n")
            .using(TestToolchain.in(folder.resolve("toolchain")));
    assertThat(pm.runIn("tool", "install").exit()).isZero();
    assertThat(pm.runIn("tool", "pack").out()).contains("tool-0.1.0.tar.zst");
    assertThat(Files.exists(pm.project().resolve("tool/.raya/pack/tool-0.1.0.tar.zst"))).isTrue();
  }

  @Test
  void aProjectBesideTheMembersIsItsOwn() {
    Pm pm = workspace("", "");
    pm.write("elsewhere/deep/raya.toml", member("alone", "[dependencies]\nkit = \"^1\"\n"));
    assertThat(pm.runIn("elsewhere/deep", "install").exit()).isZero();
    assertThat(pm.read("elsewhere/deep/raya.lock")).contains("kit");
    assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
  }

  @Test
  void initMakesAWorkspaceThatInstalls() throws IOException {
    Files.createDirectories(folder.resolve("app"));
    Pm pm = Pm.in(folder).at(registry);
    assertThat(pm.run("init", "all", "--workspace").out())
        .isEqualTo("made the workspace all in " + pm.project().resolve("all") + "\n");
    assertThat(pm.runIn("all/packages/app", "install", "--offline").out())
        .isEqualTo("2 packages, 0 fetched, raya.lock written\n");
    assertThat(pm.read("all/raya.lock")).contains("dependencies = [\"greeting 0.1.0\"]");
  }
}
