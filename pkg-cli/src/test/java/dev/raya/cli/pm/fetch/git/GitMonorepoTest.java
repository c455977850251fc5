package dev.raya.cli.pm.fetch.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories that hold several packages. */
final class GitMonorepoTest {
  @TempDir Path folder;
  private TestRepository repository;

  @BeforeEach
  void makeRepository() throws Exception {
    TestToolchain.in(folder.resolve("toolchain"));
    repository = TestRepository.in(folder.resolve("repo"));
    repository.write(
        "raya.toml",
        "[workspace]\nmembers = [\"packages/*\"]\n\n[workspace.dependencies]\n"
            + "base = { path = \"packages/base\" }\n");
    repository.write(
        "packages/http",
        "http",
        "0.3.0",
        "[dependencies]\nnet-core = { path = \"../core\", version = \"^0.2\" }\n");
    repository.write(
        "packages/core", "net-core", "0.2.0", "[dependencies]\nbase = { workspace = true }\n");
    repository.write("packages/base", "base", "0.1.0", "");
    repository.commitAll();
    repository.tag("v1");
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private Pm pm(String... dependencies) {
    return Pm.in(folder).using(folder.resolve("toolchain")).project(dependencies);
  }

  private String from(String name, String more) {
    return name + " = { git = \"" + repository.url() + "\"" + more + " }";
  }

  private Pm.Outcome refused(Pm pm) {
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.err()).contains("RAYA-PKG-001");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
    return outcome;
  }

  @Test
  void aMemberIsFoundByItsNameAndItsPathsLeadToFoldersOfTheSameCommit() throws Exception {
    Pm pm = pm(from("http", ", tag = \"v1\""));
    Pm.Outcome installed = pm.run("install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    String source =
        "source = \"git+"
            + repository.url()
            + "#"
            + repository.resolved("v1^{commit}").name()
            + "\"";
    String lock = pm.read("raya.lock");
    assertThat(lock)
        .contains(
            "name = \"base\"\nversion = \"0.1.0\"\n" + source,
            "name = \"http\"\nversion = \"0.3.0\"\n" + source,
            "name = \"net-core\"\nversion = \"0.2.0\"\n" + source,
            "dependencies = [\"base 0.1.0\"]",
            "dependencies = [\"net-core 0.2.0\"]");
    try (Stream<Path> built = Files.list(pm.home().resolve("build"))) {
      assertThat(built).hasSize(3);
    }
    Files.move(repository.work(), folder.resolve("gone"));
    Pm.Outcome again = pm.run("install", "--frozen", "--offline");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }

  @Test
  void theFolderCountsWhereARegistryHasTheNameToo() throws Exception {
    try (TestRegistry registry = TestRegistry.start(3)) {
      registry.publish(TestPackage.of("net-core", "0.2.9"));
      Pm pm = pm(from("http", "")).at(registry);
      Pm.Outcome installed = pm.run("install");
      assertThat(installed.exit()).as(installed.err()).isZero();
      assertThat(pm.read("raya.lock")).doesNotContain("0.2.9", "registry+");
    }
  }

  @Test
  void aPathOutOfTheRepositoryIsTheVersionThatItGivesOrRefused() throws Exception {
    String lines = "[dependencies]\nother = { path = \"../../../app\"";
    repository.write("packages/base", "base", "0.1.0", lines + " }\n");
    repository.commitAll();
    assertThat(refused(pm(from("http", ""))).err())
        .contains(
            "other: the path ../../../app leads out of the repository",
            "/packages/base/raya.toml:6:1");
    repository.write("packages/base", "base", "0.1.0", lines + ", version = \"^1\" }\n");
    repository.commitAll();
    try (TestRegistry registry = TestRegistry.start(3)) {
      registry.publish(TestPackage.of("other", "1.2.0"));
      Pm pm = pm(from("http", "")).at(registry);
      Pm.Outcome installed = pm.run("install");
      assertThat(installed.exit()).as(installed.err()).isZero();
      assertThat(pm.read("raya.lock")).contains("name = \"other\"\nversion = \"1.2.0\"");
    }
  }

  @Test
  void aFolderWithoutThePackageIsRefused() throws Exception {
    repository.write(
        "packages/base", "base", "0.1.0", "[dependencies]\nother = { path = \"../none\" }\n");
    repository.commitAll();
    assertThat(refused(pm(from("http", ""))).err())
        .contains("/packages/none holds no raya.toml", "/packages/base/raya.toml:6:1");
    repository.write(
        "packages/base", "base", "0.1.0", "[dependencies]\nother = { path = \"../http\" }\n");
    repository.commitAll();
    assertThat(refused(pm(from("http", ""))).err())
        .contains("/packages/http holds the package http, not other");
  }

  @Test
  void aNameThatNoFolderHasIsRefusedWithThoseThatAreThere() {
    assertThat(refused(pm(from("htpt", ""))).err())
        .contains("holds the packages base, http, net-core, not htpt");
  }

  @Test
  void twoCommitsOfOneRepositoryDoNotMix() throws Exception {
    repository.write("packages/base", "base", "0.1.1", "");
    repository.commitAll();
    assertThat(refused(pm(from("base", ""), from("http", ", tag = \"v1\""))).err())
        .contains("base comes from two places, here and at raya.toml:7");
  }

  @Test
  void aPathPackageMayNotAskForAnotherCommitOfTheSamePackage() throws Exception {
    repository.write("packages/base", "base", "0.1.1", "");
    repository.commitAll();
    repository.tag("v2");
    Pm pm = pm("near = { path = \"near\" }", from("base", ", tag = \"v2\""));
    pm.write(
        "near/raya.toml",
        "[package]\nname = \"near\"\nversion = \"0.1.0\"\n[dependencies]\n"
            + from("base", ", tag = \"v1\"")
            + "\n");
    pm.write("near/src/index.raya", "export const v = 1;\n");
    assertThat(refused(pm).err())
        .contains(
            "base comes from two places of one repository",
            "#"
                + repository.resolved("v1^{commit}").name().substring(0, 12)
                + "/packages/base here",
            "#" + repository.resolved("v2^{commit}").name().substring(0, 12) + "/packages/base at",
            "give both the same tag, branch or rev");
    // Other words for the same commit are no other commit.
    pm.write(
        "near/raya.toml",
        "[package]\nname = \"near\"\nversion = \"0.1.0\"\n[dependencies]\n"
            + from("base", ", branch = \"main\"")
            + "\n");
    Pm.Outcome installed = pm.run("install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    assertThat(pm.read("raya.lock")).contains("name = \"base\"\nversion = \"0.1.1\"");
  }

  @Test
  void aCircleOfFoldersIsRefused() throws Exception {
    repository.write(
        "packages/base", "base", "0.1.0", "[dependencies]\nhttp = { path = \"../http\" }\n");
    repository.commitAll();
    Pm.Outcome outcome = pm(from("http", "")).run("install");
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.err()).contains("RAYA-PKG-014", "base", "http", "net-core");
  }
}
