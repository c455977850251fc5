package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot that is held is brought up to date by what is new of it (registry.md 1.5). */
final class SpliceRefreshTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);
  private Pm pm = Pm.in(Path.of(""));

  @BeforeEach
  void install() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    pm = Pm.in(folder).at(registry).project("fmt = \"^1.0\"");
    assertThat(pm.run("install").exit()).isZero();
    registry.publish(TestPackage.of("fmt", "1.1.0"));
    registry.forgetRequests();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private List<String> snapshots() {
    return registry.requests().stream().filter(each -> each.contains(".snapshot.json")).toList();
  }

  @Test
  void spliceOfTheSnapshotHeldTakesItsPlace() {
    AtomicInteger bytes = new AtomicInteger();
    registry
        .batches()
        .changeSplices(
            splice -> {
              bytes.set(splice.length);
              return splice;
            });
    Pm.Outcome updated = pm.run("update");
    assertThat(updated.exit()).as(updated.err()).isZero();
    assertThat(pm.read("raya.lock")).contains("version = \"1.1.0\"");
    assertThat(bytes).as("a splice was sent").hasPositiveValue();
    assertThat(snapshots()).isEmpty();
  }

  @Test
  void spliceThatDoesNotFitIsOfNoUse() {
    registry.batches().changeSplices(splice -> Arrays.copyOf(splice, splice.length - 1));
    Pm.Outcome updated = pm.run("update");
    assertThat(updated.exit()).as(updated.err()).isZero();
    assertThat(pm.read("raya.lock")).contains("version = \"1.1.0\"");
    assertThat(snapshots()).hasSize(1);
  }

  @Test
  void whatAChangedSpliceMakesIsRefused() {
    registry
        .batches()
        .changeSplices(
            splice -> {
              byte[] changed = splice.clone();
              changed[changed.length - 1] ^= 1;
              return changed;
            });
    Pm.Outcome updated = pm.run("update");
    assertThat(updated.exit()).isEqualTo(3);
    assertThat(updated.err()).contains("error[RAYA-SEC-003]");
    assertThat(pm.read("raya.lock")).contains("version = \"1.0.0\"");
  }
}
