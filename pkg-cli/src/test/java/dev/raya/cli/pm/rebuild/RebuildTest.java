package dev.raya.cli.pm.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.pm.fetch.git.TestRepository;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestRun;
import dev.raya.cli.pm.testing.TestToolchain;
import dev.raya.signing.sigstore.ProvenanceBundle;
import dev.raya.signing.sigstore.PublishBundle;
import dev.raya.signing.statement.BuildProvenance;
import dev.raya.signing.statement.PublishStatement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a workflow publishes carries provenance, and is built again from it. */
final class RebuildTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(3);
  private TestRepository repository;
  private Path toolchain = folder;

  @BeforeEach
  void makeRepository() throws Exception {
    toolchain = TestToolchain.in(folder.resolve("toolchain"));
    repository = TestRepository.in(folder.resolve("source"));
    repository.write("libs/fmt", "fmt", "1.0.0", "license = \"MIT\"\n");
    repository.write("README.md", "all of it\n");
    repository.write("libs/fmt/README.md", "# fmt\n");
    repository.commitAll();
  }

  @AfterEach
  void stop() {
    repository.close();
    registry.close();
  }

  private String commit() throws Exception {
    return repository.resolved("HEAD").name();
  }

  /** A run of the release workflow in a checkout of the repository. */
  private Pm run() {
    return new Pm(repository.work(), Pm.in(folder.resolve("ci")).variables(), toolchain)
        .at(registry)
        .with("RAYA_ID_TOKEN", "a.b.c")
        .with("GITHUB_ACTIONS", "true")
        .with("RUNNER_ENVIRONMENT", "github-hosted")
        .with("GITHUB_RUN_ID", "5")
        .with("GITHUB_RUN_ATTEMPT", "2");
  }

  private Pm.Outcome publish(String... options) throws Exception {
    registry.expectRun(TestRun.of(registry.key(), commit()));
    String[] words = new String[options.length + 3];
    words[0] = "publish";
    words[1] = "--cwd";
    words[2] = repository.work().resolve("libs/fmt").toString();
    System.arraycopy(options, 0, words, 3, options.length);
    return run().run(words);
  }

  private Pm user() {
    return Pm.in(folder.resolve("user")).using(toolchain).at(registry).project("# none");
  }

  private Pm.Outcome rebuild(String... more) {
    String[] words = new String[more.length + 4];
    words[0] = "rebuild";
    words[1] = "fmt@1.0.0";
    words[2] = "--source";
    words[3] = repository.url();
    System.arraycopy(more, 0, words, 4, more.length);
    return user().run(words);
  }

  private BuildProvenance provenance() throws Exception {
    List<byte[]> parts = registry.uploads().getLast();
    return BuildProvenance.read(PublishBundle.read(parts.getLast()).envelope().payload().bytes());
  }

  @Test
  void whatARunPublishesSaysItsCommitAndIsBuiltAgainFromIt() throws Exception {
    Pm.Outcome published = publish("--provenance");
    assertThat(published.exit()).as(published.err()).isZero();
    BuildProvenance build = provenance();
    assertThat(build.source())
        .isEqualTo(
            new BuildProvenance.Source(
                "https://ci.example/ann/fmt", "refs/tags/v1.0.0", commit(), "libs/fmt"));
    assertThat(build.builder()).isEqualTo("https://ci.example/actions/runner/github-hosted");
    assertThat(build.invocation())
        .isEqualTo("https://ci.example/ann/fmt/actions/runs/5/attempts/2");
    assertThat(build.toolchain().version()).isEqualTo(ProgramVersion.CURRENT);
    assertThat(build.toolchain().digest())
        .isEqualTo(Digest.ofFile(toolchain.resolve("toolchain.json")));
    assertThat(build.lockfile()).isNull();

    Pm.Outcome rebuilt = rebuild();
    assertThat(rebuilt.err())
        .contains("building fmt@1.0.0 from https://ci.example/ann/fmt, folder libs/fmt at ");
    assertThat(rebuilt.out()).startsWith("fmt@1.0.0 is what its sources give: sha256:");
    assertThat(rebuilt.exit()).isZero();
    Pm.Outcome json = rebuild("--output", "json");
    assertThat(json.exit()).isZero();
    assertThat(json.out())
        .contains("\"outcome\":\"identical\"", "\"differences\":[]", "\"commit\":\"" + commit());
  }

  @Test
  void anotherCommitsFilesAreToldOneByOne() throws Exception {
    Path project = repository.work().resolve("libs/fmt");
    String clean = commit();
    // Changed behind the workflow's back, and hidden from git's eyes.
    Files.writeString(project.resolve("README.md"), "# fmt, with a back door\n");
    repository.git().add().addFilepattern(".").call();
    repository.commit();
    Files.writeString(project.resolve("CHANGES.md"), "none\n");
    registry.expectRun(TestRun.of(registry.key(), clean));
    Pm.Outcome without = run().run("publish", "--cwd", project.toString(), "--provenance");
    assertThat(without.exit()).isEqualTo(3);
    assertThat(without.err())
        .contains("RAYA-SEC-009", "cannot have provenance: the checkout is at " + commit());

    // Without a checkout to look at, the registry takes the run's word; a rebuild does not.
    Path bare = folder.resolve("bare");
    Files.createDirectories(bare.resolve("libs"));
    Files.move(project, bare.resolve("libs/fmt"));
    Pm.Outcome published =
        run()
            .with("GITHUB_WORKSPACE", bare.toString())
            .run("publish", "--cwd", bare.resolve("libs/fmt").toString());
    assertThat(published.exit()).as(published.err()).isZero();
    assertThat(provenance().source().directory()).isEqualTo("libs/fmt");
    Pm.Outcome rebuilt = rebuild();
    assertThat(rebuilt.exit()).isEqualTo(1);
    assertThat(rebuilt.out()).isEqualTo("changed  README.md\n");
    assertThat(rebuilt.err())
        .contains(
            "error[RAYA-PKG-011]: fmt@1.0.0 is not what its sources give: README.md differs",
            "published: sha256:",
            "rebuilt: sha256:");
    Pm.Outcome json = rebuild("--output", "json");
    assertThat(json.exit()).isEqualTo(1);
    assertThat(json.out())
        .contains("\"outcome\":\"different\"", "\"change\":\"changed\"", "\"path\":\"README.md\"");
  }

  @Test
  void aCheckoutWithChangesIsPublishedWithoutProvenanceAndSaysSo() throws Exception {
    repository.write("libs/fmt/README.md", "# fmt, edited\n");
    assertThat(publish("--provenance").exit()).isEqualTo(3);
    Pm.Outcome published = publish();
    assertThat(published.exit()).as(published.err()).isZero();
    assertThat(published.err()).contains("publishing without provenance: libs/fmt/README.md");
    Pm.Outcome rebuilt = rebuild();
    assertThat(rebuilt.exit()).isEqualTo(3);
    assertThat(rebuilt.err())
        .contains("RAYA-SEC-009", "fmt@1.0.0 cannot be built again", "no attestation of the type");
  }

  @Test
  void aFolderThatNoCheckoutCouldHaveIsPublishedWithoutProvenanceAndSaysSo() throws Exception {
    Path odd = folder.resolve("ci-work/a:b");
    Files.createDirectories(odd.getParent());
    Files.move(repository.work().resolve("libs/fmt"), odd);
    registry.expectRun(TestRun.of(registry.key(), commit()));
    Pm run = run().with("GITHUB_WORKSPACE", folder.resolve("ci-work").toString());
    Pm.Outcome strict = run.run("publish", "--provenance", "--cwd", odd.toString());
    assertThat(strict.exit()).isEqualTo(3);
    assertThat(strict.err()).contains("RAYA-SEC-009", "a name that not every machine can have");
    Pm.Outcome published = run.run("publish", "--cwd", odd.toString());
    assertThat(published.exit()).as(published.err()).isZero();
    assertThat(published.err()).contains("publishing without provenance: its folder", "a:b");
  }

  @Test
  void aPersonCannotAskForProvenance() throws Exception {
    Pm.Outcome person =
        run()
            .with("RAYA_TOKEN", "raya_test")
            .run("publish", "--provenance", "--cwd", repository.work() + "/libs/fmt");
    assertThat(person.exit()).isEqualTo(3);
    assertThat(person.err()).contains("RAYA-SEC-009", "without RAYA_TOKEN");
    assertThat(registry.uploads()).isEmpty();
  }

  @Test
  void anotherToolchainIsNamed() {
    registry.publishFromWorkflow(
        TestPackage.of("fmt", "1.0.0"),
        TestRun.of(registry.key()),
        statement -> {
          BuildProvenance now = TestRun.build(statement, TestRun.of(registry.key()), null);
          return ProvenanceBundle.sign(
              new BuildProvenance(
                  now.subjects(),
                  now.source(),
                  now.workflow(),
                  now.ownerId(),
                  now.repositoryId(),
                  new PublishStatement.PackingToolchain("0.9.0", now.toolchain().digest()),
                  null,
                  now.builder(),
                  null),
              registry.key());
        });
    Pm.Outcome rebuilt = rebuild();
    assertThat(rebuilt.exit()).isEqualTo(1);
    assertThat(rebuilt.err())
        .contains(
            "error[RAYA-TC-002]: fmt@1.0.0 was built with the toolchain 0.9.0, and this is "
                + ProgramVersion.CURRENT);
  }

  @Test
  void aRepositoryOfThisMachineIsReadOnTheUsersWordAlone() throws Exception {
    assertThat(publish().exit()).isZero();
    Pm.Outcome unknown = user().run("rebuild", "fmt@1.0.0");
    assertThat(unknown.exit()).isEqualTo(4);
    assertThat(user().run("rebuild", "fmt").exit()).isEqualTo(2);
    assertThat(user().run("rebuild", "fmt@2.0.0").err()).contains("RAYA-RES-003");
    assertThat(user().run("rebuild", "fmt@1.0.0", "--offline").err()).contains("RAYA-NET-003");
  }
}
