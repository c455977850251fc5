package dev.raya.cli.pm.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keeping a cache between runs of a CI system. */
final class CiCommandTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("logging", "1.2.3"));
    return Pm.in(folder).at(registry).project("fmt = \"^1\"", "logging = \"^1\"");
  }

  @Test
  void keyChangesWithLockfileTargetAndPinAlone() {
    Pm pm = pm();
    Pm.Outcome none = pm.run("ci", "key");
    assertThat(none.exit()).isEqualTo(1);
    assertThat(none.err()).contains("there is no raya.lock");
    pm.run("install");
    String key = pm.run("ci", "key").out();
    assertThat(key).matches("raya-[a-z0-9-]+-[0-9a-f]{32}\n");
    pm.write("src/main.raya", "// other sources");
    assertThat(pm.run("ci", "key").out()).isEqualTo(key);
    assertThat(pm.with("RAYA_HOME", folder.resolve("other").toString()).run("ci", "key").out())
        .isEqualTo(key);
    assertThat(pm.run("ci", "key", "--target", "windows-x64").out())
        .startsWith("raya-windows-x64-");
    String manifest = pm.read("raya.toml");
    pm.write("raya.toml", manifest + "\n[toolchain]\nversion = \"9.9.9\"\n");
    assertThat(pm.run("ci", "key").out()).isNotEqualTo(key);
    pm.write("raya.toml", manifest);
    registry.publish(TestPackage.of("fmt", "1.5.0"));
    pm.project("fmt = \"^1.5\"", "logging = \"^1\"").run("install");
    assertThat(pm.run("ci", "key").out()).isNotEqualTo(key);
    Pm.Outcome wrong = pm.run("ci", "key", "--target", "amiga");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).contains("linux-x64");
  }

  @Test
  void pathsHoldNothingThatIsTrustedOrSecret() {
    Pm pm = pm();
    assertThat(pm.run("ci", "paths").out().lines().map(line -> Path.of(line).getFileName()))
        .map(String::valueOf)
        .containsExactly("cache", "build", "git", "toolchains");
  }

  @Test
  void setupFetchesOnlyTheDamagedEntriesOfARestoredCache() throws IOException {
    Pm pm = pm();
    pm.run("install");
    List<Path> entries;
    try (Stream<Path> children = Files.list(pm.home().resolve("cache"))) {
      entries = children.sorted().toList();
    }
    Path damaged = entries.getFirst().resolve("module.rbin");
    assertThat(damaged.toFile().setWritable(true)).isTrue();
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length - 1] ^= 1;
    Files.write(damaged, bytes);
    registry.forgetRequests();
    Pm.Outcome outcome = pm.run("ci", "setup");
    assertThat(outcome.out()).isEqualTo("2 packages, 1 fetched\n");
    assertThat(outcome.err()).startsWith("warning[RAYA-PKG-015]");
    assertThat(registry.requests().stream().filter(request -> request.contains("/blobs/")))
        .hasSize(1);
    assertThat(pm.run("ci", "setup").out()).isEqualTo("up to date, 2 packages\n");
  }

  @Test
  void setupRefusesToChangeTheLockfile() {
    Pm pm = pm();
    Pm.Outcome outcome = pm.run("ci", "setup");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("error[RAYA-PKG-006]");
    assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
  }
}
