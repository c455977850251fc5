package dev.raya.cli.pm.fetch.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.ResetCommand;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheEditor;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GitDependencyTest {
  @TempDir Path folder;
  private TestRepository repository;
  private Git git;

  @BeforeEach
  void makeRepository() throws Exception {
    repository = TestRepository.in(folder.resolve("exp"));
    git = repository.git();
    commit("0.1.0", "");
    repository.tag("v0.1.0");
  }

  @AfterEach
  void close() {
    repository.close();
  }

  private Path work() {
    return repository.work();
  }

  private String url() {
    return repository.url();
  }

  private RevCommit commit(String version, String more) throws Exception {
    repository.write(".", "exp", version, more);
    return repository.commitAll();
  }

  private Pm pm(String dependency) throws IOException {
    Path toolchain = folder.resolve("toolchain");
    if (!Files.exists(toolchain)) {
      TestToolchain.in(toolchain);
    }
    return Pm.in(folder).using(toolchain).project(dependency);
  }

  private String exp(String more) {
    return "exp = { git = \"" + url() + "\"" + more + " }";
  }

  private static List<Path> modules(Pm pm) throws IOException {
    Path build = pm.home().resolve("build");
    if (!Files.exists(build)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(build)) {
      return files.filter(file -> file.endsWith("module.rbin")).toList();
    }
  }

  @Test
  void aTagIsPinnedByItsCommitCompiledOnceAndWorksOfflineAndWithoutTheRepository()
      throws Exception {
    String commit = repository.resolved("v0.1.0^{commit}").name();
    Pm pm = pm(exp(", tag = \"v0.1.0\""));
    Pm.Outcome installed = pm.run("install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    String lock = pm.read("raya.lock");
    assertThat(lock)
        .contains("name = \"exp\"", "version = \"0.1.0\"", "source = \"git+" + url() + "#" + commit)
        .contains("tree = \"sha256:")
        .doesNotContain("checksum");
    List<Path> modules = modules(pm);
    assertThat(modules).hasSize(1);
    long made = Files.getLastModifiedTime(modules.getFirst()).toMillis();

    Files.move(work(), folder.resolve("gone"));
    Pm.Outcome again = pm.run("install", "--frozen", "--offline");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
    assertThat(Files.getLastModifiedTime(modules.getFirst()).toMillis()).isEqualTo(made);
    assertThat(Files.list(pm.home().resolve("tmp"))).isEmpty();
  }

  @Test
  void aBranchStaysWhereItIsLockedUntilItIsUpdated() throws Exception {
    Pm pm = pm(exp(", branch = \"main\""));
    assertThat(pm.run("install").exit()).isZero();
    String first = pm.read("raya.lock");
    String second = commit("0.2.0", "").name();
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.read("raya.lock")).isEqualTo(first);
    Pm.Outcome moved = pm.run("add", "exp", "--git", url(), "--branch", "main");
    assertThat(moved.exit()).as(moved.err()).isZero();
    assertThat(pm.read("raya.lock")).contains("version = \"0.2.0\"", "#" + second);
  }

  @Test
  void aShortenedCommitAndTheDefaultBranchAreUnderstood() throws Exception {
    String first = repository.resolved("v0.1.0^{commit}").name();
    String second = commit("0.2.0", "").name();
    Pm pm = pm(exp(", rev = \"" + first.substring(0, 9) + "\""));
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.read("raya.lock")).contains("#" + first);
    Pm.Outcome changed = pm(exp("")).run("install");
    assertThat(changed.exit()).as(changed.err()).isZero();
    assertThat(pm.read("raya.lock")).containsAnyOf("#" + second, "#" + first);
  }

  @Test
  void aRewrittenBranchLeavesTheLockedCommitToWhoHasItAndIsAClearErrorToOthers() throws Exception {
    commit("0.2.0", "");
    Pm pm = pm(exp(", branch = \"main\""));
    assertThat(pm.run("install").exit()).isZero();
    String lock = pm.read("raya.lock");
    git.reset().setMode(ResetCommand.ResetType.HARD).setRef("v0.1.0").call();
    commit("0.3.0", "");
    Files.walk(pm.home().resolve("git"))
        .filter(file -> file.endsWith("tree.json"))
        .forEach(file -> assertThat(file.toFile().delete()).isTrue());
    Pm.Outcome kept = pm.run("install", "--frozen");
    assertThat(kept.exit()).as(kept.err()).isZero();
    assertThat(pm.read("raya.lock")).isEqualTo(lock);

    Path other = folder.resolve("other-home");
    Pm.Outcome fresh = pm.with("RAYA_HOME", other.toString()).run("install", "--frozen");
    assertThat(fresh.exit()).as(fresh.err()).isEqualTo(1);
    assertThat(fresh.err()).contains("RAYA-RES-003", "no commit", "raya-pm update");
  }

  @Test
  void aMissingTagIsNamedWithItsPlaceAndNothingIsWritten() throws Exception {
    Pm pm = pm(exp(", tag = \"v9\""));
    Pm.Outcome refused = pm.run("install");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("RAYA-RES-003", "tag v9", "raya.toml:7");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
  }

  @Test
  void offlineWithoutAMirrorSaysWhatIsMissing() throws Exception {
    Pm pm = pm(exp(", tag = \"v0.1.0\""));
    Pm.Outcome refused = pm.run("install", "--offline");
    assertThat(refused.exit()).isEqualTo(4);
    assertThat(refused.err()).contains("RAYA-NET-003", "tag v0.1.0", url());
  }

  @Test
  void offlineAllThatIsMissingIsNamedAtOnce() throws Exception {
    Pm pm =
        pm(
            exp(", tag = \"v0.1.0\"")
                + "\nother = { git = \"https://git.example/other.git\" }"
                + "\ntool = { url = \"https://files.example/tool.tar.zst\" }");
    Pm.Outcome refused = pm.run("install", "--offline");
    assertThat(refused.exit()).isEqualTo(4);
    assertThat(refused.err())
        .contains(
            "tag v0.1.0 of the git repository " + url(),
            "the default branch of the git repository https://git.example/other.git",
            "the archive https://files.example/tool.tar.zst",
            "raya.toml:7:1",
            "raya.toml:8:1",
            "raya.toml:9:1");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
  }

  private void addEntry(String path, FileMode mode, ObjectId id) throws Exception {
    DirCache index = git.getRepository().lockDirCache();
    DirCacheEditor editor = index.editor();
    editor.add(
        new DirCacheEditor.PathEdit(path) {
          @Override
          public void apply(DirCacheEntry entry) {
            entry.setFileMode(mode);
            entry.setObjectId(id);
          }
        });
    editor.commit();
  }

  @Test
  void submodulesAndLinksAreRefused() throws Exception {
    addEntry("deps/other", FileMode.GITLINK, repository.resolved("HEAD"));
    repository.commit();
    Pm pm = pm(exp(""));
    Pm.Outcome submodule = pm.run("install");
    assertThat(submodule.exit()).isEqualTo(3);
    assertThat(submodule.err()).contains("RAYA-PKG-008", "deps/other is a submodule");

    git.reset().setMode(ResetCommand.ResetType.HARD).setRef("v0.1.0").call();
    try (ObjectInserter inserter = git.getRepository().newObjectInserter()) {
      ObjectId target =
          inserter.insert(
              org.eclipse.jgit.lib.Constants.OBJ_BLOB,
              "/etc/passwd".getBytes(StandardCharsets.UTF_8));
      inserter.flush();
      addEntry("src/link.raya", FileMode.SYMLINK, target);
    }
    repository.commit();
    Pm.Outcome link = pm.run("install");
    assertThat(link.exit()).isEqualTo(3);
    assertThat(link.err()).contains("RAYA-PKG-008", "src/link.raya is a symbolic link");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
    assertThat(modules(pm)).isEmpty();
  }

  @Test
  void addressesThatHoldCredentialsOrOptionsOrProgramsAreRefused() throws Exception {
    Pm pm = pm("");
    Path proof = folder.resolve("ran");
    for (String address :
        List.of(
            "https://ann:secret@example.com/exp.git",
            "--upload-pack=touch " + proof,
            "ext::sh -c touch% " + proof,
            "ssh://-oProxyCommand=touch%20" + proof + "/x",
            "git@example.com:exp.git",
            "http://example.com/exp.git",
            "https://example.com/exp.git#main",
            "file://example.com/exp",
            "../exp")) {
      Pm.Outcome refused = pm("exp = { git = \"" + address + "\" }").run("install");
      assertThat(refused.exit()).as(address + refused.err()).isEqualTo(1);
      assertThat(refused.err()).contains("RAYA-PKG-001", "raya.toml:7").doesNotContain("secret");
    }
    assertThat(proof).doesNotExist();
    assertThat(pm.home().resolve("git")).doesNotExist();
  }

  @Test
  void aPackageFromElsewhereCannotNameARepositoryOrFolderOfThisMachine() throws Exception {
    commit("0.2.0", "[dependencies]\nother = { git = \"" + url() + "\" }\n");
    Pm.Outcome repository = pm(exp("")).run("install");
    assertThat(repository.exit()).isEqualTo(1);
    assertThat(repository.err()).contains("RAYA-PKG-001", "repository of this machine");
    commit("0.3.0", "[dependencies]\nother = { path = \"../other\" }\n");
    Pm.Outcome path = pm(exp("")).run("install");
    assertThat(path.exit()).isEqualTo(1);
    assertThat(path.err()).contains("RAYA-PKG-001", "gives a version too");
  }

  @Test
  void overHttpItComesFromTheNamedHostOnly() throws Exception {
    try (GitServer server = new GitServer(git.getRepository())) {
      Pm pm = pm("exp = { git = \"" + server.url() + "\", tag = \"v0.1.0\" }");
      Pm.Outcome installed = pm.run("install");
      assertThat(installed.exit()).as(installed.err()).isZero();
      int requests = server.requests().size();
      assertThat(pm.run("install").exit()).isZero();
      assertThat(server.requests()).hasSize(requests);

      Pm.Outcome moved = pm("exp = { git = \"" + server.redirecting() + "\" }").run("install");
      assertThat(moved.exit()).as(moved.err()).isEqualTo(4);
      assertThat(moved.err()).contains("RAYA-NET-001");
      assertThat(server.requests()).hasSize(requests);
    }
  }

  @Test
  void whatItAsksForComesFromTheRegistryAndWhatItNeedsMustBeGranted() throws Exception {
    try (TestRegistry registry = TestRegistry.start(7)) {
      registry.publish(TestPackage.of("fmt", "1.3.0"));
      commit("0.2.0", "[dependencies]\nfmt = \"^1\"\n");
      Pm pm = pm(exp("")).at(registry);
      Pm.Outcome installed = pm.run("install");
      assertThat(installed.exit()).as(installed.err()).isZero();
      assertThat(pm.read("raya.lock"))
          .contains("dependencies = [\"fmt 1.3.0\"]", "registry+" + registry.origin());
      assertThat(modules(pm)).hasSize(1);

      Files.writeString(work().resolve("needs.txt"), "net");
      commit("0.3.0", "");
      String manifest = pm.read("raya.toml");
      String lock = pm.read("raya.lock");
      Pm.Outcome refused = pm.run("add", "exp", "--git", url());
      assertThat(refused.exit()).as(refused.err()).isEqualTo(5);
      assertThat(refused.err()).contains("RAYA-SEC-020", "exp 0.3.0", "\"net\"");
      assertThat(pm.read("raya.toml")).isEqualTo(manifest);
      assertThat(pm.read("raya.lock")).isEqualTo(lock);
      Pm.Outcome granted = pm.run("add", "exp", "--git", url(), "--grant", "net");
      assertThat(granted.exit()).as(granted.err()).isZero();
      assertThat(pm.read("raya.lock")).contains("granted = [\"net\"");
    }
  }

  @Test
  void aPackageThatDoesNotCompileIsRefusedByItsName() throws Exception {
    Files.writeString(work().resolve("broken"), "");
    commit("0.2.0", "");
    Pm pm = pm(exp(""));
    Pm.Outcome refused = pm.run("install");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(1);
    assertThat(refused.err()).contains("RAYA-PKG-018", "exp 0.2.0");
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
  }

  @Test
  void nothingOfTheUsersGitConfigurationIsRead() throws Exception {
    assertThat(org.eclipse.jgit.util.SystemReader.getInstance()).isInstanceOf(QuietSystem.class);
    assertThat(org.eclipse.jgit.util.SystemReader.getInstance().getUserConfig().getSections())
        .isSubsetOf("filesystem");
    assertThat(org.eclipse.jgit.util.SystemReader.getInstance().getSystemConfig().getSections())
        .isSubsetOf("filesystem");
    assertThat(org.eclipse.jgit.util.SystemReader.getInstance().getenv("GIT_SSH")).isNull();
  }
}
