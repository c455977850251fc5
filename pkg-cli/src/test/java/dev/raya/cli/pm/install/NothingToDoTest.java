package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import dev.raya.toolchain.platform.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That there is nothing to do is seen from a record, whatever the packages' sources. */
final class NothingToDoTest {
  private static final String HERE =
      Target.of(System.getProperty("os.name"), System.getProperty("os.arch"), false)
          .orElseThrow()
          .id();
  private static final String ELSEWHERE = HERE.equals("windows-x64") ? "linux-x64" : "windows-x64";

  @TempDir Path folder;
  private TestRegistry registry;

  @BeforeEach
  void start() throws IOException {
    registry = TestRegistry.start(4);
    TestToolchain.in(folder.resolve("toolchain"));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm(String dependency) {
    return Pm.in(folder).at(registry).using(folder.resolve("toolchain")).project(dependency);
  }

  private static void install(Pm pm, String... more) {
    Pm.Outcome installed =
        pm.run(Stream.concat(Stream.of("install"), Stream.of(more)).toArray(String[]::new));
    assertThat(installed.exit()).as(installed.err()).isZero();
  }

  private static boolean isRecorded(Pm pm) {
    Pm.Outcome outcome = pm.run("install", "--output", "json");
    assertThat(outcome.exit()).as(outcome.out()).isZero();
    assertThat(outcome.out()).contains("\"packages\":1");
    return outcome.out().contains("\"upToDate\":true");
  }

  private String repository() throws Exception {
    Path work = folder.resolve("exp");
    Files.createDirectories(work.resolve("src"));
    Files.writeString(
        work.resolve("raya.toml"),
        "[package]\nname = \"exp\"\nversion = \"0.1.0\"\nmain = \"src/index.raya\"\n");
    Files.writeString(work.resolve("src/index.raya"), "export const v = 1;\n");
    try (Git git = Git.init().setDirectory(work.toFile()).setInitialBranch("main").call()) {
      git.add().addFilepattern(".").call();
      git.commit()
          .setAuthor("A", "a@example.com")
          .setCommitter("A", "a@example.com")
          .setMessage("c")
          .setSign(false)
          .call();
    }
    return "file://" + work;
  }

  @Test
  void aGitPackageIsLookedForWhereItWasCompiledAndNowhereElse() throws Exception {
    Pm pm = pm("exp = { git = \"" + repository() + "\" }");
    install(pm);
    Directories.delete(folder.resolve("exp"));
    Directories.delete(pm.home().resolve("git"));
    assertThat(isRecorded(pm)).isTrue();
    assertThat(pm.home().resolve("git")).doesNotExist();
  }

  @Test
  void aCompiledPackageThatIsGoneIsCompiledAgain() throws Exception {
    Pm pm = pm("exp = { git = \"" + repository() + "\" }");
    install(pm);
    Directories.delete(pm.home().resolve("build"));
    assertThat(isRecorded(pm)).isFalse();
    assertThat(isRecorded(pm)).isTrue();
    try (Stream<Path> files = Files.walk(pm.home().resolve("build"))) {
      assertThat(files.filter(file -> file.endsWith("module.rbin"))).hasSize(1);
    }
  }

  @Test
  void anotherCompilerMakesTheRecordVoid() throws Exception {
    Pm pm = pm("exp = { git = \"" + repository() + "\" }");
    install(pm);
    String record = pm.read(".raya/install.json");
    assertThat(record).contains("\"maker\":\"" + HERE + " 1.0.0\"");
    pm.write(".raya/install.json", record.replace(HERE + " 1.0.0", HERE + " 0.9.0"));
    Directories.delete(pm.home().resolve("closures"));
    assertThat(isRecorded(pm)).isFalse();
  }

  @Test
  void librariesOfThisMachineAreLookedForAndFetchedAgain() throws Exception {
    byte[] library = {1, 2, 3};
    registry.publish(
        TestPackage.of("lz4", "1.0.0")
            .with("lz4", HERE, library)
            .with("lz4", ELSEWHERE, new byte[] {4}));
    Pm pm = pm("lz4 = \"^1\"");
    install(pm);
    assertThat(isRecorded(pm)).isTrue();
    Path entry = pm.home().resolve("cache").resolve(Digest.of(library).hex());
    Directories.delete(entry);
    assertThat(isRecorded(pm)).isFalse();
    assertThat(entry).exists();
    assertThat(isRecorded(pm)).isTrue();
    install(pm, "--target", ELSEWHERE);
    assertThat(isRecorded(pm)).as("what was installed last was for another machine").isTrue();
    Directories.delete(pm.home().resolve("closures"));
    install(pm, "--target", ELSEWHERE);
    assertThat(isRecorded(pm)).isFalse();
  }

  @Test
  void whatOnlyOtherTargetsNeedIsNotLookedFor() {
    registry.publish(TestPackage.of("gpu", "1.0.0"));
    Pm pm = pm("gpu = { version = \"^1\", targets = [\"" + ELSEWHERE + "\"] }");
    install(pm);
    assertThat(isRecorded(pm)).isTrue();
    assertThat(pm.home().resolve("cache")).isEmptyDirectory();
  }

  @Test
  void anArchiveOnTheWebHasNoProofAndIsSeenAllTheSame() throws Exception {
    byte[] archive = TestPackage.of("tool", "1.0.0").archive().bytes();
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    web.createContext(
        "/tool.tar.zst",
        exchange -> {
          exchange.sendResponseHeaders(200, archive.length);
          exchange.getResponseBody().write(archive);
          exchange.close();
        });
    web.start();
    Pm pm =
        pm("tool = { url = \"http://127.0.0.1:" + web.getAddress().getPort() + "/tool.tar.zst\" }");
    try {
      install(pm);
    } finally {
      web.stop(0);
    }
    assertThat(isRecorded(pm)).isTrue();
    Files.delete(
        pm.home().resolve("cache").resolve(Digest.of(archive).hex()).resolve("entry.json"));
    assertThat(pm.run("install", "--offline").out()).doesNotContain("up to date");
  }
}
