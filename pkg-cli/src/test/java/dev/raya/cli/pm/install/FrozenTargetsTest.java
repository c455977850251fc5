package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.toolchain.platform.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The law of one lockfile for all platforms (packages.md 3, 4): what an install wrote on one target
 * is taken, frozen, on every other one, and no byte of it changes, whatever dependencies are for
 * some targets only and whatever native libraries there are.
 */
final class FrozenTargetsTest {
  private static final int PACKAGES = 9;
  private static final int PROJECTS = 8;

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);
  private final Random random = new Random(5);

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void everyTargetTakesTheLockfileThatAnotherOneWrote() {
    publishGraph();
    int taken = 0;
    int lacking = 0;
    for (int seed = 0; seed < PROJECTS; seed++) {
      Pm pm =
          Pm.in(folder.resolve("s" + seed))
              .with("RAYA_HOME", folder.resolve("home").toString())
              .at(registry);
      pm.project(
          dependency(PACKAGES - 1),
          dependency(PACKAGES - 2),
          dependency(PACKAGES - 3),
          "[dev-dependencies]",
          dependency(PACKAGES - 4));
      if (pm.run("lock").exit() != 0) {
        continue; // no solution: nothing was written
      }
      String lock = pm.read("raya.lock");
      List<String> all = new ArrayList<>(List.of("install", "--frozen"));
      for (Target target : Target.values()) {
        Pm.Outcome frozen = pm.run("install", "--frozen", "--target", target.id());
        assertThat(pm.read("raya.lock")).isEqualTo(lock);
        if (frozen.exit() == 0) {
          taken++;
          all.addAll(List.of("--target", target.id()));
          Pm.Outcome again =
              pm.run("install", "--frozen", "--offline", "--verify", "--target", target.id());
          assertThat(again).as(target.id()).isEqualTo(new Pm.Outcome(0, again.out(), ""));
        } else {
          // The one reason there may be: a library that nobody published for the target.
          assertThat(frozen.exit()).isEqualTo(1);
          assertThat(frozen.err().lines().filter(line -> line.startsWith("error[")))
              .as(frozen.err())
              .isNotEmpty()
              .allMatch(line -> line.startsWith("error[RAYA-PKG-016]"))
              .allMatch(line -> line.endsWith(" for " + target.id()));
          lacking++;
        }
      }
      if (all.size() > 2) {
        all.add("--offline");
        assertThat(pm.run(all.toArray(String[]::new)).exit()).isZero();
        assertThat(pm.read("raya.lock")).isEqualTo(lock);
      }
    }
    assertThat(taken).isGreaterThan(3 * Target.values().length);
    assertThat(lacking).isPositive();
  }

  private void publishGraph() {
    for (int i = 0; i < PACKAGES; i++) {
      for (int version = 1; version <= 2; version++) {
        TestPackage pkg = TestPackage.of("p" + i, version + ".0.0");
        for (int on = 0; on < i; on++) {
          switch (random.nextInt(4)) {
            case 0 -> pkg = pkg.on("p" + on, range());
            case 1 -> pkg = pkg.onFor("p" + on, range(), someTargets());
            default -> {}
          }
        }
        if (i % 3 == 0) {
          for (String target : i == 0 ? allTargets() : someTargets()) {
            byte[] library = ("p" + i + version + target).getBytes(StandardCharsets.UTF_8);
            pkg = pkg.with("p" + i, target, library);
          }
        }
        registry.publish(pkg);
      }
    }
  }

  private String dependency(int number) {
    String targets =
        random.nextInt(3) == 0
            ? ", targets = [\"" + String.join("\", \"", someTargets()) + "\"]"
            : "";
    return "p" + number + " = { version = \"" + range() + "\"" + targets + " }";
  }

  private String range() {
    return random.nextInt(3) == 0 ? "^2" : ">=1.0.0";
  }

  private static String[] allTargets() {
    List<String> all = new ArrayList<>();
    for (Target target : Target.values()) {
      all.add(target.id());
    }
    return all.toArray(String[]::new);
  }

  private String[] someTargets() {
    List<String> some = new ArrayList<>();
    for (String target : allTargets()) {
      if (random.nextInt(3) > 0) {
        some.add(target);
      }
    }
    return some.isEmpty() ? allTargets() : some.toArray(String[]::new);
  }
}
