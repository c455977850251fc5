package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a registry's signed list holds back is not installed, unless the user says so by name. */
final class QuarantineTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm(String name) {
    return Pm.in(folder.resolve(name)).at(registry).project("fmt = \"^1.0\"");
  }

  private static void refused(Pm.Outcome outcome) {
    assertThat(outcome.err())
        .contains(
            "error[RAYA-SEC-011]", "fmt@1.0.0", "malware, RAYA-2026-1", "--allow-quarantined");
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(3);
  }

  private List<String> lists() {
    return registry.requests().stream().filter(each -> each.contains("quarantine")).toList();
  }

  @Test
  void heldBackVersionIsRefusedBeforeItEntersTheCache() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.quarantine("fmt", "1.0.0");
    Pm pm = pm("new");
    refused(pm.run("install"));
    assertThat(pm.project().resolve("raya.lock")).doesNotExist();
    assertThat(lists()).hasSize(1);
    assertThat(pm.run("install", "--allow-quarantined", "fmt@1.0.0").exit()).isZero();
    assertThat(lists()).hasSize(1);
    assertThat(pm.run("install", "--allow-quarantined", "fmt").exit()).isEqualTo(2);
  }

  @Test
  void lockedVersionIsRefusedByWhoeverHasToFetchIt() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm first = pm("first");
    assertThat(first.run("install").exit()).isZero();
    assertThat(lists()).isEmpty();
    registry.quarantine("fmt", "1.0.0");
    Pm other = pm("other");
    other.write("raya.lock", first.read("raya.lock"));
    refused(other.run("install", "--frozen"));
    assertThat(registry.requests().stream().filter(each -> each.contains("/blobs/"))).hasSize(1);
    assertThat(other.run("install", "--frozen", "--allow-quarantined", "fmt@1.0.0").exit())
        .isZero();
    registry.publish(TestPackage.of("logging", "1.0.0"));
    refused(first.run("add", "logging"));
  }

  @Test
  void listOfOtherVersionsChangesNothing() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.quarantine("fmt", "1.0.1");
    Pm pm = pm("new");
    assertThat(pm.run("install").exit()).isZero();
    registry.forgetRequests();
    assertThat(pm.run("install").exit()).isZero();
    assertThat(registry.requests()).isEmpty();
  }
}
