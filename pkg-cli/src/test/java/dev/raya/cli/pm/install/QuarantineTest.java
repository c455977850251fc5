package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
    refused(pm.run("install", "--frozen")); // it was allowed that once
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
  void solverLeavesItOutAndTakesAnother() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "1.1.0"));
    registry.quarantine("fmt", "1.1.0");
    Pm pm = pm("new");
    Pm.Outcome installed = pm.run("install");
    assertThat(installed.exit()).as(installed.err()).isZero();
    assertThat(pm.read("raya.lock")).contains("version = \"1.0.0\"");
    assertThat(blobs()).as("nothing of the other one was fetched").hasSize(1);
    assertThat(pm.run("install", "--allow-quarantined", "fmt@1.1.0").exit()).isZero();
    assertThat(pm.read("raya.lock")).as("what is locked stays").contains("version = \"1.0.0\"");
    Path lock = pm.project().resolve("raya.lock");
    assertThat(lock.toFile().delete()).isTrue();
    assertThat(pm.run("install", "--allow-quarantined", "fmt@1.1.0").exit()).isZero();
    assertThat(pm.read("raya.lock")).contains("version = \"1.1.0\"");
  }

  @Test
  void withoutAnotherTheExplanationSaysWhy() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.quarantine("fmt", "1.0.0");
    Pm pm = pm("new");
    Pm.Outcome outcome = pm.run("install");
    refused(outcome);
    assertThat(outcome.err())
        .contains(
            "error[RAYA-RES-004]", "fmt 1.0.0 is left out: quarantined: malware, RAYA-2026-1");
    assertThat(blobs()).isEmpty();
  }

  @Test
  void listSeenLastCountsWithoutNetworkAndFromTheCache() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("logging", "1.0.0"));
    Pm pm = pm("first");
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.run("--offline", "verify").exit()).isZero();
    registry.quarantine("fmt", "1.0.0");
    // Nobody has asked since: this home knows of nothing.
    assertThat(pm.run("--offline", "verify").exit()).isZero();
    assertThat(pm.run("install").exit()).isZero();
    Pm second = pm("second").with("RAYA_HOME", pm.home().toString()).project("logging = \"^1.0\"");
    assertThat(second.run("install").exit()).isZero();
    registry.forgetRequests();
    refused(pm.run("install"));
    refused(pm.run("--offline", "install"));
    refused(pm.run("--offline", "install", "--frozen"));
    refused(pm.run("--offline", "verify"));
    assertThat(registry.requests()).isEmpty();
    refused(pm.run("verify"));
    assertThat(second.run("install").exit()).as("the other project has none of it").isZero();
    Pm.Outcome allowed = pm.run("--offline", "verify", "--allow-quarantined", "fmt@1.0.0");
    assertThat(allowed.exit()).as(allowed.err()).isZero();
    assertThat(allowed.err()).contains("quarantine list of " + registry.origin() + ": good until");
    assertThat(pm.run("--offline", "install", "--allow-quarantined", "fmt@1.0.0").exit()).isZero();
  }

  private static List<Path> held(Pm pm, String name) throws IOException {
    try (Stream<Path> files = Files.walk(pm.home())) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("advisories%2F" + name))
          .sorted()
          .toList();
    }
  }

  @Test
  void changedListThatIsHeldIsRefusedByVerify() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.quarantine("other", "1.0.0");
    Pm pm = pm("first");
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.run("--offline", "verify").err()).contains("good until");
    Path list = held(pm, "quarantine.json").getFirst();
    Files.writeString(list, Files.readString(list).replace("other", "every"));
    Pm.Outcome changed = pm.run("--offline", "verify");
    assertThat(changed.exit()).isEqualTo(3);
    assertThat(changed.err())
        .contains("error[RAYA-SEC-003]", "advisories/quarantine.json as it lies here is none");
    assertThat(pm.run("verify").exit()).as("it is asked for again").isZero();
    assertThat(pm.run("--offline", "verify").err()).contains("good until");
    Files.delete(list);
    assertThat(pm.run("--offline", "verify").err()).contains("no quarantine list of");
  }

  @Test
  void listSeenLastCountsWhenNewerMetadataNamesAnotherThatNobodyAskedFor() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm("first");
    assertThat(pm.run("install").exit()).isZero();
    registry.quarantine("fmt", "1.0.0");
    assertThat(pm.run("verify").exit()).isEqualTo(3);
    // The registry lets it go, and signs advisories; audit asks for those alone.
    registry.quarantine("other", "1.0.0");
    registry.advise("RAYA-2026-2", "other", "2.0.0");
    registry.forgetRequests();
    assertThat(pm.run("audit").exit()).isZero();
    assertThat(lists()).isEmpty();
    refused(pm.run("--offline", "verify"));
    Pm.Outcome allowed = pm.run("--offline", "verify", "--allow-quarantined", "fmt@1.0.0");
    assertThat(allowed.err()).contains("quarantine list of " + registry.origin() + ": good until");
    List<Path> list = held(pm, "quarantine.json");
    assertThat(list).as("the list, and the role that named it").hasSize(2);
    byte[] role = Files.readAllBytes(list.getLast());
    Files.writeString(list.getLast(), Files.readString(list.getLast()).replace("quarantine", "x"));
    assertThat(pm.run("--offline", "verify").err()).contains("error[RAYA-SEC-003]");
    Files.delete(list.getLast());
    assertThat(pm.run("--offline", "verify").err()).contains("error[RAYA-SEC-003]");
    Files.write(list.getLast(), role);
    refused(pm.run("--offline", "verify"));

    assertThat(pm.run("verify").exit()).as("now the newer one is asked for").isZero();
    assertThat(lists()).hasSize(1);
    assertThat(pm.run("--offline", "verify").exit()).isZero();
    assertThat(held(pm, "quarantine.json")).hasSize(2);
  }

  @Test
  void listThatCannotBeReadIsAskedForAgainAndWithoutNetworkRefused() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.quarantine("other", "1.0.0");
    Pm pm = pm("first");
    assertThat(pm.run("install").exit()).isZero();
    Path list = held(pm, "quarantine.json").getFirst();
    byte[] honest = Files.readAllBytes(list);
    Path record = pm.project().resolve(".raya/install.json");
    for (String damaged : List.of("", "{\"schema\":", "\u0000\u0000\u0000")) {
      Files.writeString(list, damaged);
      forgetInstalls(pm, record);
      Pm.Outcome offline = pm.run("--offline", "install", "--frozen");
      assertThat(offline.err())
          .contains(
              "error[RAYA-SEC-013]",
              "quarantine list held of",
              list.toString(),
              "install --verify");
      assertThat(offline.exit()).isEqualTo(3);
      assertThat(record).doesNotExist();
      assertThat(pm.run("--offline", "add", "fmt@1").exit()).isEqualTo(3);
      Pm.Outcome asked = pm.run("install", "--frozen");
      assertThat(asked.exit()).as(asked.err()).isZero();
      assertThat(list).hasBinaryContent(honest);
    }
    forgetInstalls(pm, record);
    assertThat(pm.run("--offline", "install", "--frozen").exit()).isZero();
    Files.writeString(list, "{");
    forgetInstalls(pm, record);
    registry.close();
    for (List<String> words : List.of(List.of("--frozen"), List.of("--verify"))) {
      Pm.Outcome unreachable =
          pm.run(Stream.concat(Stream.of("install"), words.stream()).toArray(String[]::new));
      assertThat(unreachable.err())
          .startsWith("error[RAYA-SEC-0")
          .contains("RAYA-NET-001", "install --verify");
      assertThat(unreachable.exit()).isEqualTo(3);
    }
  }

  /** No record says any more that there is nothing to do. */
  private static void forgetInstalls(Pm pm, Path record) throws IOException {
    Files.deleteIfExists(record);
    try (Stream<Path> shared = Files.list(pm.home().resolve("closures"))) {
      for (Path each : shared.toList()) {
        Files.delete(each);
      }
    }
  }

  private List<String> blobs() {
    return registry.requests().stream().filter(each -> each.contains("/blobs/")).toList();
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

  /** Where this home notes which list it has told its projects of. */
  private static Path told(Pm pm) throws IOException {
    try (Stream<Path> folders = Files.list(pm.home().resolve("registry"))) {
      return folders
          .filter(Files::isDirectory)
          .findFirst()
          .orElseThrow()
          .resolve("quarantine-told");
    }
  }

  @Test
  void newsThatAnotherProcessBringsDuringAnInstallIsLookedAtByTheNext() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("logging", "1.0.0"));
    registry.publish(TestPackage.of("sorting", "1.0.0"));
    Pm pm = pm("raced");
    assertThat(pm.run("install").exit()).isZero();
    Path record = pm.project().resolve(".raya/install.json");
    assertThat(record).exists();
    Path told = told(pm);
    // What the other one writes before and after it has taken records away.
    for (String note : List.of("telling " + "1".repeat(64), "1".repeat(64))) {
      Files.delete(record);
      registry.forgeProofs(
          proof -> {
            try {
              Files.writeString(told, note);
            } catch (IOException unwritable) {
              throw new UncheckedIOException(unwritable);
            }
            return proof;
          });
      assertThat(pm.run("add", note.startsWith("t") ? "logging" : "sorting").exit()).isZero();
      assertThat(record).as(note).doesNotExist();
      registry.forgeProofs(proof -> proof);
      assertThat(pm.run("install").exit()).isZero();
      assertThat(record).exists();
    }
  }
}
