package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that installs is killed (SIGKILL) at random instants. Afterwards nothing is half there:
 * every cache entry verifies, manifest and lockfile are the old or the new ones, and the next
 * install succeeds.
 */
final class KilledInstallTest {
  private static final int ROUNDS = 12;
  private static final int PACKAGES = 12;

  @TempDir Path folder = Path.of("");

  @Test
  void killAtAnyInstantLeavesNothingHalfThere() throws Exception {
    long seed = 20_261_121;
    Random random = new Random(seed);
    Path toolchain = TestToolchain.in(folder.resolve("toolchain"));
    try (TestRegistry registry = TestRegistry.start(1)) {
      String[] dependencies = new String[PACKAGES];
      for (int i = 0; i < PACKAGES; i++) {
        registry.publish(TestPackage.of("pkg" + (char) ('a' + i), "1.0.0").padded(200_000));
        dependencies[i] = "pkg" + (char) ('a' + i) + " = \"^1.0\"";
      }
      for (int round = 0; round < ROUNDS; round++) {
        Pm pm = Pm.in(folder.resolve("round" + round)).at(registry).project(dependencies);
        String manifest = pm.read("raya.toml");
        int lived = killed(pm, toolchain, 250 + random.nextInt(900));
        String label = "seed " + seed + ", round " + round + ", ended with " + lived;
        assertThat(pm.read("raya.toml")).as(label).isEqualTo(manifest);
        if (Files.exists(pm.home())) {
          Pm.Outcome verified = pm.run("cache", "verify");
          assertThat(verified.exit()).as(label + "\n" + verified.err()).isZero();
        }
        if (Files.exists(pm.project().resolve("raya.lock"))) {
          Pm.Outcome frozen = pm.run("install", "--frozen", "--offline");
          assertThat(frozen.exit()).as(label + "\n" + frozen.err()).isZero();
        }
        Pm.Outcome again = pm.run("install");
        assertThat(again.exit()).as(label + "\n" + again.err()).isZero();
        assertThat(entries(pm)).as(label).isEqualTo(PACKAGES);
      }
    }
  }

  private static int killed(Pm pm, Path toolchain, long millis) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(toolchain.resolve("bin/raya-pm").toString(), "install")
            .directory(pm.project().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(pm.variables());
    Process process = builder.start();
    if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
    }
    return process.waitFor();
  }

  private static long entries(Pm pm) throws IOException {
    try (Stream<Path> entries = Files.list(pm.home().resolve("cache"))) {
      return entries.count();
    }
  }
}
