package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.raya.cache.disk.Directories;
import dev.raya.cli.console.Environment;
import dev.raya.cli.console.Streams;
import dev.raya.cli.pm.RayaPm;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Homes and disks as they should not be: the code, the advice, and nothing half done. */
final class BadHomeTest {
  private static final String ADVICE = "set RAYA_HOME to another one";

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    return Pm.in(folder).at(registry).project("fmt = \"^1.0\"");
  }

  private static void refused(Pm.Outcome outcome, Pm pm) {
    assertThat(outcome.err()).contains("error[RAYA-PKG-017]");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void linksThatLeadNowhereAreRefusedOrReplaced() throws IOException {
    Pm pm = pm();
    Path nowhere = folder.resolve("nowhere");
    for (String part : List.of("cache", "tmp", "locks", "registry", "keys")) {
      Directories.delete(pm.home());
      Files.createDirectories(pm.home());
      Files.createSymbolicLink(pm.home().resolve(part), nowhere);
      Pm.Outcome outcome = pm.run("install");
      refused(outcome, pm);
      assertThat(outcome.err()).contains(part + " is a symbolic link", ADVICE);
      assertThat(nowhere).doesNotExist();
    }
    Directories.delete(pm.home());
    Files.createDirectories(pm.home());
    for (String file : List.of("projects", "config.toml", "credentials.toml")) {
      Path link = Files.createSymbolicLink(pm.home().resolve(file), nowhere);
      Pm.Outcome outcome = pm.run("install");
      if (outcome.exit() == 0) {
        assertThat(file).isNotEqualTo("projects");
      } else {
        refused(outcome, pm);
      }
      assertThat(nowhere).doesNotExist();
      Files.delete(link);
      Files.deleteIfExists(pm.project().resolve("raya.lock"));
    }
    assertThat(pm.run("install").exit()).isZero();
  }

  @Test
  void linkInThePlaceOfAnEntryIsRefusedAndNamed() throws IOException {
    Pm pm = pm();
    pm.run("install");
    Path entry = pm.home().resolve("cache").resolve(names(pm.home().resolve("cache")).getFirst());
    Path elsewhere = Files.move(entry, folder.resolve("elsewhere"));
    Files.createSymbolicLink(entry, elsewhere);
    Files.delete(pm.project().resolve(".raya/install.json"));
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).contains("RAYA-PKG-017", entry + " is a symbolic link", ADVICE);
  }

  @Test
  void homeThatIsAFileIsRefused() throws IOException {
    Pm pm = pm();
    Files.writeString(pm.home(), "");
    refused(pm.run("install"), pm);
    assertThat(Files.readString(pm.home())).isEmpty();
  }

  @Test
  void withoutRayaHomeTheHomeIsInTheUsersFolder() {
    Pm pm = pm();
    Map<String, String> variables = new LinkedHashMap<>(pm.variables());
    variables.remove("RAYA_HOME");
    Pm.Outcome outcome = new Pm(folder, variables, null).run("install");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(folder.resolve(".raya/cache")).isDirectory();
    assertThat(pm.with("RAYA_HOME", "").run("install").out()).isEqualTo("up to date, 1 package\n");
    assertThat(pm.with("RAYA_HOME", "../relative").run("install").exit()).isZero();
    assertThat(folder.resolve("relative/cache")).isDirectory();
  }

  @Test
  void homeMayLieOnAnotherVolumeThanTheProject() throws IOException {
    Path other = Path.of("/dev/shm");
    assumeTrue(
        Files.isWritable(other) && !Files.getFileStore(other).equals(Files.getFileStore(folder)),
        "there is no second volume");
    Path home = Files.createTempDirectory(other, "raya-home-test-");
    try {
      Pm pm = pm().with("RAYA_HOME", home.toString());
      assertThat(pm.run("install").exit()).isZero();
      assertThat(pm.run("vendor").exit()).isZero();
      assertThat(pm.run("cache", "export").exit()).isZero();
      assertThat(pm.run("cache", "verify").exit()).isZero();
      Directories.delete(home);
      assertThat(pm.run("cache", "import", "raya-kit.tar.zst").exit()).isZero();
      assertThat(pm.run("install", "--frozen", "--offline").exit()).isZero();
    } finally {
      Directories.delete(home);
    }
  }

  @Test
  void clockFarOffChangesNothingThatIsInstalled() throws IOException {
    Pm pm = pm();
    for (String time : List.of("1990-01-01T00:00:00Z", "2190-01-01T00:00:00Z")) {
      Directories.delete(pm.home());
      Files.deleteIfExists(pm.project().resolve("raya.lock"));
      Pm.Outcome outcome = runAt(pm, Instant.parse(time), "install");
      if (outcome.exit() != 0) {
        assertThat(outcome.err()).as(time).contains("error[RAYA-");
        assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
      }
    }
    assertThat(pm.run("install").exit()).isZero();
    String lock = pm.read("raya.lock");
    for (String time : List.of("1990-01-01T00:00:00Z", "2190-01-01T00:00:00Z")) {
      Instant then = Instant.parse(time);
      assertThat(runAt(pm, then, "install", "--frozen", "--offline", "--verify").exit()).isZero();
      assertThat(runAt(pm, then, "install", "--verify").exit()).isZero();
      assertThat(runAt(pm, then, "cache", "prune").out()).startsWith("0 entries removed");
      assertThat(pm.read("raya.lock")).isEqualTo(lock);
    }
  }

  private static Pm.Outcome runAt(Pm pm, Instant time, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        RayaPm.run(
            List.of(words),
            Streams.of(
                new ByteArrayInputStream(new byte[0]),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)),
            new Environment(pm.variables(), pm.project(), pm.folder(), null, () -> time));
    return new Pm.Outcome(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs shell commands where mounts are of no consequence to anybody else. */
  private Pm.Outcome inOwnMounts(Pm pm, String script) throws Exception {
    Path toolchain = folder.resolve("toolchain");
    if (!Files.exists(toolchain, LinkOption.NOFOLLOW_LINKS)) {
      TestToolchain.in(toolchain);
    }
    ProcessBuilder builder =
        new ProcessBuilder("unshare", "-m", "sh", "-c", "set -e\n" + script)
            .directory(pm.project().toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().putAll(pm.variables());
    builder.environment().put("PM", toolchain.resolve("bin/raya-pm").toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    return new Pm.Outcome(exit, out, Files.readString(folder.resolve("err")));
  }

  private static void assumeMounts() throws Exception {
    boolean allowed;
    try {
      allowed =
          new ProcessBuilder("unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException noSuchProgram) {
      allowed = false;
    }
    assumeTrue(allowed, "this user cannot mount");
  }

  @Test
  void fullDiskIsNamedAndNothingIsLeft() throws Exception {
    assumeMounts();
    for (int i = 0; i < 4; i++) {
      registry.publish(TestPackage.of("lib" + (char) ('a' + i), "1.0.0").padded(1_000_000));
    }
    Pm pm =
        Pm.in(folder)
            .at(registry)
            .project("liba = \"^1\"", "libb = \"^1\"", "libc = \"^1\"", "libd = \"^1\"");
    Files.createDirectories(pm.home());
    Pm.Outcome outcome =
        inOwnMounts(
            pm,
            """
            mount -t tmpfs -o size=3m tmpfs "$RAYA_HOME"
            code=0
            "$PM" install || code=$?
            "$PM" cache verify
            ls "$RAYA_HOME/tmp" | wc -l
            exit $code
            """);
    assertThat(outcome.err()).contains("error[RAYA-PKG-017]", "No space left", "free space");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.out()).contains("all good").endsWith("\n0\n");
    assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
    assertThat(pm.run("install").exit()).isZero();
  }

  @Test
  void readOnlyHomeServesWhatItHoldsAndNamesWhatItCannotTake() throws Exception {
    assumeMounts();
    Pm pm = pm();
    assertThat(pm.run("install").exit()).isZero();
    String readOnly =
        "mount --bind \"$RAYA_HOME\" \"$RAYA_HOME\"\n"
            + "mount -o remount,bind,ro \"$RAYA_HOME\"\n";
    Pm.Outcome same = inOwnMounts(pm, readOnly + "\"$PM\" install --frozen --offline");
    assertThat(same.out()).as(same.err()).isEqualTo("up to date, 1 package\n");
    registry.publish(TestPackage.of("other", "1.0.0"));
    String lock = pm.read("raya.lock");
    pm.project("fmt = \"^1.0\"", "other = \"^1\"");
    Pm.Outcome more = inOwnMounts(pm, readOnly + "exec \"$PM\" install");
    assertThat(more.err()).contains("error[RAYA-PKG-017]", "cannot be written", ADVICE);
    assertThat(more.exit()).isEqualTo(1);
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }
}
