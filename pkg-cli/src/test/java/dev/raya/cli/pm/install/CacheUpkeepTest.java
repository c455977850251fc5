package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.disk.Directories;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.pm.fetch.git.TestRepository;
import dev.raya.cli.pm.project.KnownProjects;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays in the cache, what goes, and who decides. */
final class CacheUpkeepTest {
  private static final Instant LONG_AGO = Instant.parse("2026-01-07T00:00:00Z");

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "2.0.0"));
    return Pm.in(folder).at(registry).project("fmt = \"^1.0\"");
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.sorted().toList();
    }
  }

  /** As if nothing in the home had been used for long. */
  private static void age(Path home) throws IOException {
    for (Path entry : children(home.resolve("cache"))) {
      Files.setLastModifiedTime(entry.resolve("entry.json"), FileTime.from(LONG_AGO));
    }
    for (Path closure : children(home.resolve("closures"))) {
      Files.setLastModifiedTime(closure, FileTime.from(LONG_AGO));
    }
  }

  private static long bytes(Path tree) throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }

  @Test
  void entriesOfAKnownLockfileStayAndOthersGoAboveTheSize() throws IOException {
    Pm pm = pm();
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.project("fmt = \"^2.0\"").run("install").exit()).isZero();
    age(pm.home());
    assertThat(pm.run("cache", "gc").out()).startsWith("0 entries removed");
    assertThat(pm.run("cache", "gc", "--max-size", "1kB", "--dry-run").out())
        .startsWith("1 entry would be removed");
    assertThat(children(pm.home().resolve("cache"))).hasSize(2);
    assertThat(pm.with("RAYA_CACHE_MAX_SIZE", "1B").run("cache", "gc").out())
        .contains("1 entry removed", "the cache still takes");
    assertThat(pm.run("cache", "list").out()).contains("fmt@2.0.0").doesNotContain("1.0.0");
    assertThat(pm.run("install", "--frozen", "--offline").exit()).isZero();
    assertThat(pm.run("cache", "verify").out()).isEqualTo("1 entry verified, all good\n");
  }

  @Test
  void lockfileInTheMiddleOfAMergeKeepsBothSides() throws IOException {
    Pm pm = pm();
    pm.run("install");
    String one = pm.read("raya.lock");
    pm.project("fmt = \"^2.0\"").run("install");
    pm.write(
        "raya.lock",
        "<<<<<<< ours\n" + one + "=======\n" + pm.read("raya.lock") + ">>>>>>> theirs\n");
    age(pm.home());
    assertThat(pm.run("cache", "prune").out()).startsWith("0 entries removed");
  }

  @Test
  void projectThatIsGoneKeepsNothingAndOneThatMovedIsKnownAgain() throws IOException {
    Pm pm = pm();
    pm.run("install");
    age(pm.home());
    Path moved = Files.move(pm.project(), folder.resolve("moved"));
    assertThat(pm.run("cache", "prune", "--dry-run", "--cwd", "moved").exit()).isEqualTo(2);
    Files.move(moved, pm.project());
    assertThat(pm.run("cache", "prune", "--dry-run").out()).startsWith("0 entries");
    Directories.delete(pm.home().resolve("projects"));
    assertThat(pm.run("cache", "prune", "--dry-run").out()).startsWith("1 entry");
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.run("cache", "prune", "--dry-run").out()).startsWith("0 entries");
    Files.delete(pm.project().resolve("raya.lock"));
    age(pm.home());
    assertThat(pm.run("cache", "prune").out()).startsWith("1 entry removed");
    assertThat(children(pm.home().resolve("projects"))).isEmpty();
  }

  @Test
  void installsInAMemberMakeTheWorkspacesLockfileKnown() throws IOException {
    registry.publish(TestPackage.of("kit", "1.0.0"));
    Pm pm = pm();
    pm.write("raya.toml", "[workspace]\nmembers = [\"tool\"]\n");
    pm.write(
        "tool/raya.toml",
        "[package]\nname = \"tool\"\nversion = \"0.1.0\"\n[dependencies]\nkit = \"^1\"\n");
    assertThat(pm.runIn("tool", "install").out()).contains("1 fetched");
    age(pm.home());
    assertThat(pm.run("cache", "prune").out()).startsWith("0 entries removed");
    assertThat(pm.runIn("tool", "install", "--frozen", "--offline").exit()).isZero();
  }

  @Test
  void aProjectThatWritesItsLockfileWhileOthersForgetStaysKnown() throws Exception {
    RayaHome home = new RayaHome(folder.resolve("home"));
    KnownProjects known = new KnownProjects(home);
    AtomicBoolean written = new AtomicBoolean();
    try (ExecutorService other = Executors.newSingleThreadExecutor()) {
      Future<?> forgetting =
          other.submit(
              () -> {
                while (!written.get()) {
                  known.forgetGone();
                }
                return null;
              });
      try {
        for (int i = 0; i < 300; i++) {
          ProjectFolder project =
              new ProjectFolder(Files.createDirectories(folder.resolve("w" + i)));
          known.add(project);
          Files.write(project.lockfile(), new byte[0]);
          known.add(project);
        }
      } finally {
        written.set(true);
      }
      forgetting.get();
    }
    assertThat(known.folders()).hasSize(300);
  }

  @Test
  void pruneRemovesOldOutputsAndLeftovers() throws IOException {
    Pm pm = pm();
    pm.run("install");
    Path output = Files.createDirectories(pm.home().resolve("build/key-1"));
    Files.write(output.resolve("module.rbin"), new byte[1000]);
    Path fresh = Files.createDirectories(pm.home().resolve("build/key-2"));
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
    Files.setLastModifiedTime(output, old);
    assertThat(pm.run("cache", "prune", "--output", "json").out())
        .contains("\"outputs\":1", "\"leftoverBytes\":1000", "\"removed\":[]");
    assertThat(output).doesNotExist();
    assertThat(fresh).exists();
  }

  @Test
  void whatAnInstallTakesOverCountsAsUsedAlthoughItsEntriesAreNotTouched() throws IOException {
    Pm pm = pm();
    pm.run("install");
    Path closure = children(pm.home().resolve("closures")).getFirst();
    age(pm.home());
    // Another checkout of the same two files, and then it is gone: as in CI.
    Files.setLastModifiedTime(closure, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    Directories.delete(pm.project().resolve(".raya"));
    assertThat(pm.run("install").out()).contains("up to date");
    Files.delete(pm.project().resolve("raya.lock"));
    assertThat(pm.run("cache", "prune", "--dry-run").out()).startsWith("0 entries");
    age(pm.home());
    assertThat(pm.run("cache", "prune", "--dry-run").out()).startsWith("1 entry");
  }

  @Test
  void compiledPackagesStayWhereALockfileOrAUseOfTheLastMonthWantsThem() throws Exception {
    TestToolchain.in(folder.resolve("toolchain"));
    try (TestRepository repository = TestRepository.in(folder.resolve("exp"))) {
      repository.write(".", "exp", "0.1.0", "");
      repository.commitAll();
      Pm pm =
          Pm.in(folder)
              .using(folder.resolve("toolchain"))
              .project("exp = { git = \"" + repository.url() + "\" }");
      Pm.Outcome installed = pm.run("install");
      assertThat(installed.exit()).as(installed.err()).isZero();
      Path output = children(pm.home().resolve("build")).getFirst();
      Path closure = children(pm.home().resolve("closures")).getFirst();
      FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
      Files.setLastModifiedTime(output, old);
      Files.setLastModifiedTime(closure, old);
      assertThat(pm.run("cache", "prune", "--output", "json").out()).contains("\"outputs\":0");
      Files.delete(pm.project().resolve("raya.lock"));
      Files.setLastModifiedTime(closure, FileTime.from(Instant.now()));
      assertThat(pm.run("cache", "prune", "--output", "json").out()).contains("\"outputs\":0");
      Files.setLastModifiedTime(closure, old);
      assertThat(pm.run("cache", "prune", "--output", "json").out()).contains("\"outputs\":1");
      assertThat(output).doesNotExist();
    }
  }

  @Test
  void installCollectsByItselfOnceADay() throws IOException {
    Pm pm = pm().with("RAYA_CACHE_MAX_SIZE", "1B");
    pm.run("install");
    age(pm.home());
    pm.project("fmt = \"^2.0\"").run("install");
    assertThat(children(pm.home().resolve("cache"))).as("collected today already").hasSize(2);
    Files.setLastModifiedTime(pm.home().resolve("locks/collected"), FileTime.from(LONG_AGO));
    registry.publish(TestPackage.of("other", "1.0.0"));
    Pm.Outcome outcome = pm.project("fmt = \"^2.0\"", "other = \"^1\"").run("install");
    assertThat(outcome.err()).contains("the cache gave up 1 entry");
    assertThat(children(pm.home().resolve("cache"))).hasSize(2);
    assertThat(pm.run("install", "--frozen", "--offline", "--verify").exit()).isZero();
  }

  @Test
  void sizesThatAreNoneAreRefused() {
    Pm.Outcome outcome = pm().run("cache", "gc", "--max-size", "much");
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("--max-size", "64MiB");
  }

  @Test
  void tenProjectsWithTheSameClosureAddNothingButManifestsLockfilesAndRecords() throws IOException {
    for (int i = 0; i < 8; i++) {
      registry.publish(TestPackage.of("lib" + (char) ('a' + i), "1.0.0").padded(100_000));
    }
    String[] dependencies = new String[8];
    for (int i = 0; i < 8; i++) {
      dependencies[i] = "lib" + (char) ('a' + i) + " = \"^1\"";
    }
    Pm first = Pm.in(folder.resolve("0")).at(registry).project(dependencies);
    assertThat(first.run("install").exit()).isZero();
    long cache = bytes(first.home().resolve("cache"));
    for (int i = 1; i < 10; i++) {
      Pm next =
          Pm.in(folder.resolve(String.valueOf(i)))
              .at(registry)
              .with("RAYA_HOME", first.home().toString())
              .project(dependencies);
      assertThat(next.run("install").out()).contains("8 packages, 0 fetched");
      assertThat(children(next.project()).stream().map(file -> file.getFileName().toString()))
          .containsExactly(".raya", "raya.lock", "raya.toml");
      assertThat(children(next.project().resolve(".raya"))).hasSize(1);
      assertThat(bytes(next.project())).isLessThan(10_000);
    }
    assertThat(bytes(first.home().resolve("cache"))).isEqualTo(cache);
    assertThat(bytes(first.home().resolve("projects"))).isLessThan(10 * 400);
    assertThat(children(first.home().resolve("locks")).stream().map(Path::getFileName))
        .noneMatch(name -> name.toString().startsWith("hold-"));
  }

  @Test
  void sixteenProcessesThatInstallAtOnceEndWholeAndLoseNothing() throws Exception {
    for (int i = 0; i < 6; i++) {
      registry.publish(TestPackage.of("lib" + (char) ('a' + i), "1.0.0").padded(20_000));
    }
    Path home = folder.resolve("shared");
    List<Pm> projects = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      projects.add(
          Pm.in(folder.resolve("p" + i))
              .at(registry)
              .with("RAYA_HOME", home.toString())
              .project("liba = \"^1\"", "lib" + (char) ('a' + 1 + i % 5) + " = \"^1\""));
    }
    Path toolchain = TestToolchain.in(folder.resolve("toolchain"));
    List<Process> installers = new ArrayList<>();
    try {
      for (Pm each : projects) {
        ProcessBuilder builder =
            new ProcessBuilder(toolchain.resolve("bin/raya-pm").toString(), "install")
                .directory(each.project().toFile())
                .redirectErrorStream(true)
                .redirectOutput(each.folder().resolve("log").toFile());
        builder.environment().putAll(each.variables());
        installers.add(builder.start());
      }
      for (int i = 0; i < installers.size(); i++) {
        assertThat(installers.get(i).waitFor())
            .as(Files.readString(projects.get(i).folder().resolve("log")))
            .isZero();
      }
    } finally {
      installers.forEach(Process::destroyForcibly);
    }
    assertThat(children(home.resolve("projects"))).hasSize(16);
    assertThat(children(home.resolve("cache"))).hasSize(6);
    age(home);
    Pm one = projects.getFirst();
    assertThat(one.run("cache", "prune").out()).startsWith("0 entries removed");
    for (Pm each : projects) {
      assertThat(each.run("install", "--frozen", "--offline", "--verify").exit()).isZero();
    }
  }
}
