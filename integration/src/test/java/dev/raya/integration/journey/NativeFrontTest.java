package dev.raya.integration.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raya.integration.demo.Programs;
import dev.raya.integration.demo.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The native front says what Java would say, and leaves to Java whatever is not the plain case. */
final class NativeFrontTest {
  private static final Path TOOLCHAIN =
      Path.of("../toolchain-bundler/target/toolchain").toAbsolutePath().normalize();

  @TempDir Path work = Path.of("");

  private Path home() {
    return work.resolve("home");
  }

  private Path app() {
    return work.resolve("app");
  }

  private Programs programs() {
    return Programs.of(TOOLCHAIN.resolve("bin"), home());
  }

  /** A project of no package: its closure record is written without a registry. */
  @BeforeEach
  void install() throws IOException {
    assumeTrue(
        Files.isExecutable(TOOLCHAIN.resolve("lib/front/raya-pm")),
        "no C compiler was there when the toolchain was built");
    assertThat(programs().run(work, "raya-pm", "init", app().toString(), "--app").exit()).isZero();
    assertThat(programs().run(app(), "raya-pm", "install", "--offline").exit()).isZero();
  }

  private int front(String... arguments) throws Exception {
    return front(0, arguments);
  }

  private int front(int packages, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(TOOLCHAIN.resolve("lib/front/raya-pm").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(app().toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("RAYA_"));
    builder.environment().put("RAYA_HOME", home().toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    String answer = "up to date, " + packages + (packages == 1 ? " package\n" : " packages\n");
    assertThat(said).isEqualTo(exit == 0 ? answer : "");
    return exit;
  }

  @Test
  void frontAndJavaSayTheSame() throws Exception {
    assertThat(front("install")).isZero();
    assertThat(front("install", "--frozen", "--offline")).isZero();
    Programs.Outcome java =
        programs().with("RAYA_JAVA_OPTIONS", "-Draya.any=1").run(app(), "raya-pm", "install");
    assertThat(java).isEqualTo(programs().run(app(), "raya-pm", "install"));
    assertThat(java.out()).isEqualTo("up to date, 0 packages\n");
  }

  @Test
  void frontIsSilentWhereOptionsOrSettingsMaySayOtherwise() throws Exception {
    assertThat(front()).isOne();
    assertThat(front("add", "x")).isOne();
    assertThat(front("install", "--verify")).isOne();
    Files.writeString(home().resolve("config.toml"), "");
    assertThat(front("install")).isOne();
  }

  @Test
  void frontIsSilentBelowAnotherProject() throws Exception {
    assertThat(front("install")).isZero();
    Files.writeString(work.resolve("raya.toml"), "[workspace]\nmembers = [\"app\"]\n");
    assertThat(front("install")).as("the workspace's lockfile counts").isOne();
    Files.delete(work.resolve("raya.toml"));
    assertThat(front("install")).isZero();
  }

  @Test
  void frontIsSilentOnceAFileIsAnother() throws Exception {
    Path record = app().resolve(".raya/install.json");
    String recorded = Files.readString(record);
    Files.writeString(app().resolve("raya.toml"), "\n", StandardOpenOption.APPEND);
    assertThat(front("install")).isOne();
    // Java finds the change harmless, and notes the new state.
    assertThat(programs().run(app(), "raya-pm", "install", "--offline").exit()).isZero();
    assertThat(front("install")).isZero();
    assertThat(Files.readString(record)).isNotEqualTo(recorded);
    String whole = Files.readString(record);
    for (String damaged :
        List.of(
            whole.replace("\"entries\":[]", "\"entries\":[\"" + "a".repeat(64) + "\"]"),
            "{\"schema\":\"raya/install/2\"")) {
      Files.writeString(record, damaged);
      assertThat(front("install")).as("the home's record answers").isZero();
      assertThat(record).hasContent(whole);
      Files.writeString(record, damaged);
      Trees.remove(home().resolve("closures"));
      assertThat(front("install")).isOne();
      Files.delete(record);
      assertThat(programs().run(app(), "raya-pm", "install", "--offline").exit()).isZero();
    }
  }

  @Test
  void compiledPackagesAreLookedForAndAnotherMakersRecordIsJavasToJudge() throws Exception {
    Path library = work.resolve("greet");
    assertThat(programs().run(work, "raya-pm", "init", library.toString(), "--lib").exit())
        .isZero();
    try (Git git = Git.init().setDirectory(library.toFile()).setInitialBranch("main").call()) {
      git.add().addFilepattern(".").call();
      git.commit()
          .setAuthor("A", "a@example.com")
          .setCommitter("A", "a@example.com")
          .setMessage("c")
          .setSign(false)
          .call();
    }
    Programs.Outcome added =
        programs().run(app(), "raya-pm", "add", "greet", "--git", "file://" + library);
    assertThat(added.exit()).as(added.err()).isZero();
    assertThat(front(1, "install", "--frozen", "--offline")).isZero();
    Programs.Outcome java =
        programs().with("RAYA_JAVA_OPTIONS", "-Draya.any=1").run(app(), "raya-pm", "install");
    assertThat(java).isEqualTo(new Programs.Outcome(0, "up to date, 1 package\n", ""));

    Path record = app().resolve(".raya/install.json");
    String whole = Files.readString(record);
    Trees.remove(home().resolve("closures"));
    Files.writeString(record, whole.replace(" 1.0.0\"", " 0.9.0\""));
    assertThat(front(1, "install")).isOne();
    Files.writeString(record, whole);
    assertThat(front(1, "install")).isZero();
    Trees.remove(home().resolve("build"));
    assertThat(front(1, "install")).isOne();
  }

  /** The record of a home answers for any other checkout of what was installed. */
  @Test
  @ExtendWith(Suite.Extension.class)
  void anotherCheckoutIsAnsweredFromTheHomesRecord(Suite suite) throws Exception {
    Path home = suite.newFolder().resolve("home");
    Programs user = Programs.of(Suite.BIN, home).with("RAYA_REGISTRY", suite.url());
    Programs alone =
        Programs.of(TOOLCHAIN.resolve("lib/front"), home).with("RAYA_REGISTRY", suite.url());
    Path first =
        suite.project(
            "[package]\nname = \"app\"\nversion = \"0.1.0\"\n\n[dependencies]\nreport = \"^1\"\n",
            "console.log(1);\n");
    assertThat(user.run(first, "raya-pm", "install").exit()).isZero();
    Path second = checkout(suite, first);

    Programs.Outcome said = alone.run(second, "raya-pm", "install", "--frozen");
    assertThat(said).isEqualTo(new Programs.Outcome(0, "up to date, 2 packages\n", ""));
    assertThat(second.resolve(".raya/install.json"))
        .hasSameBinaryContentAs(first.resolve(".raya/install.json"));
    assertThat(projects(home)).isEqualTo(2);
    Programs.Outcome java =
        user.with("RAYA_JAVA_OPTIONS", "-Draya.any=1")
            .run(checkout(suite, first), "raya-pm", "install", "--frozen");
    assertThat(java).isEqualTo(said);

    Path third = checkout(suite, first);
    Path module;
    try (Stream<Path> entries = Files.list(home.resolve("cache"))) {
      module = entries.findFirst().orElseThrow().resolve("module.rbin");
    }
    FileTime before = Files.getLastModifiedTime(module);
    Files.setLastModifiedTime(module, FileTime.fromMillis(before.toMillis() - 1));
    assertThat(alone.run(third, "raya-pm", "install"))
        .as("an entry that somebody touched is Java's to look at")
        .isEqualTo(new Programs.Outcome(1, "", ""));
    assertThat(third.resolve(".raya")).doesNotExist();
    Files.setLastModifiedTime(module, before);
    assertThat(alone.run(third, "raya-pm", "install").exit()).isZero();
  }

  private static Path checkout(Suite suite, Path project) throws IOException {
    Path copy = suite.newFolder();
    for (String file : List.of("raya.toml", "raya.lock")) {
      Files.copy(project.resolve(file), copy.resolve(file));
    }
    return copy;
  }

  private static long projects(Path home) throws IOException {
    try (Stream<Path> known = Files.list(home.resolve("projects"))) {
      return known.count();
    }
  }
}
