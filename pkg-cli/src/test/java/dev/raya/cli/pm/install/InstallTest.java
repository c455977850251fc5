package dev.raya.cli.pm.install;

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

/** Installing from a registry, again, offline, frozen, and what is written when. */
final class InstallTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.publish(TestPackage.of("fmt", "1.3.0"));
    registry.publish(TestPackage.of("logging", "1.2.3").on("fmt", "^1.0"));
    return Pm.in(folder).at(registry).project("logging = \"^1.2\"");
  }

  private List<String> names(Path directory) throws IOException {
    try (Stream<Path> children = Files.list(directory)) {
      return children.map(child -> child.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void installFetchesVerifiesAndLocks() throws IOException {
    Pm pm = pm();
    assertThat(pm.run("install"))
        .isEqualTo(
            new Pm.Outcome(
                0,
                "2 packages, 2 fetched, raya.lock written\n",
                "notice: new registry "
                    + registry.origin()
                    + " taken on first use, root "
                    + registry.fingerprint()
                    + "\n"));
    assertThat(pm.read("raya.lock"))
        .startsWith("# Written by raya-pm. Do not edit.\nversion = 1\n")
        .contains(
            """
            [[package]]
            name = "logging"
            version = "1.2.3"
            source = "registry+%s"
            """
                .formatted(registry.origin()),
            "dependencies = [\"fmt 1.3.0\"]",
            "granted = [\"random\", \"time\"]");
    for (String entry : names(pm.home().resolve("cache"))) {
      assertThat(names(pm.home().resolve("cache").resolve(entry)))
          .containsExactly("entry.json", "metadata.json", "module.rbin", "proof.json");
    }
    assertThat(names(pm.home().resolve("tmp"))).isEmpty();
  }

  @Test
  void noOpMakesNoRequestAndReadsThreeFiles() {
    Pm pm = pm();
    pm.run("install");
    registry.forgetRequests();
    assertThat(pm.run("install")).isEqualTo(new Pm.Outcome(0, "up to date, 2 packages\n", ""));
    assertThat(pm.run("install", "--output", "json").out()).contains("\"upToDate\":true");
    assertThat(registry.requests()).isEmpty();
  }

  @Test
  void offlineOpensNoSocketWhetherOrNotOutputsAreThere() throws IOException {
    Pm pm = pm();
    pm.run("install");
    registry.close();
    assertThat(pm.run("install", "--offline", "--frozen").exit()).isZero();
    Files.delete(pm.project().resolve(".raya/install.json"));
    assertThat(pm.run("install", "--offline", "--frozen"))
        .isEqualTo(new Pm.Outcome(0, "up to date, 2 packages\n", ""));
  }

  @Test
  void offlineListsAllThatIsMissing() throws IOException {
    Pm pm = pm();
    pm.run("install");
    registry.forgetRequests();
    Pm empty = pm.with("RAYA_HOME", folder.resolve("other").toString());
    Pm.Outcome outcome = empty.with("RAYA_OFFLINE", "1").run("install");
    assertThat(outcome.exit()).isEqualTo(4);
    assertThat(outcome.err())
        .startsWith("error[RAYA-NET-003]: offline, and the cache lacks fmt@1.3.0, logging@1.2.3\n");
    empty.run("install");
    registry.forgetRequests();
    removeEntries(empty);
    Pm.Outcome missing = empty.run("install", "--offline");
    assertThat(missing.exit()).isEqualTo(4);
    assertThat(missing.err())
        .startsWith("error[RAYA-NET-003]: offline, and the cache lacks fmt@1.3.0, logging@1.2.3\n");
    assertThat(registry.requests()).isEmpty();
  }

  /** Takes the entries out of the cache, as `cache verify` does with damaged ones. */
  private void removeEntries(Pm pm) throws IOException {
    Files.move(pm.home().resolve("cache"), folder.resolve("gone"));
    Files.createDirectory(pm.home().resolve("cache"));
  }

  @Test
  void frozenRefusesAChangeAndChangesNothing() {
    Pm pm = pm();
    assertThat(pm.run("install", "--frozen").err()).startsWith("error[RAYA-PKG-006]");
    assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
    pm.run("install");
    String lock = pm.read("raya.lock");
    pm.project("logging = \"^1.2\"", "fmt = \"^1.0\"");
    Pm.Outcome outcome = pm.run("install", "--frozen");
    assertThat(outcome.exit()).isEqualTo(1);
    assertThat(outcome.err()).startsWith("error[RAYA-PKG-006]");
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.read("raya.lock")).isNotEqualTo(lock);
  }

  @Test
  void lockedVersionsStayAndYankedOnesAreKeptWhenLocked() {
    Pm pm = pm();
    pm.run("install");
    registry.publish(TestPackage.of("fmt", "1.4.0"));
    registry.yank("fmt", "1.3.0");
    pm.project("logging = \"^1.2\"", "fmt = \"^1.1\"");
    assertThat(pm.run("install").exit()).isZero();
    assertThat(pm.read("raya.lock")).contains("fmt 1.3.0").doesNotContain("1.4.0");
  }

  @Test
  void damagedEntryIsFoundMovedOutAndFetchedAgain() throws IOException {
    Pm pm = pm();
    pm.run("install");
    String entry = names(pm.home().resolve("cache")).getFirst();
    Path file = pm.home().resolve("cache").resolve(entry).resolve("module.rbin");
    assertThat(file.toFile().setWritable(true)).isTrue();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Pm.Outcome found = pm.run("cache", "verify");
    assertThat(found.exit()).isEqualTo(3);
    assertThat(found.err()).startsWith("error[RAYA-PKG-015]").contains(entry);
    assertThat(pm.run("install").out()).isEqualTo("2 packages, 1 fetched\n");
    assertThat(pm.run("cache", "verify"))
        .isEqualTo(new Pm.Outcome(0, "2 entries verified, all good\n", ""));
    assertThat(pm.run("install", "--verify").out()).isEqualTo("up to date, 2 packages\n");
  }

  @Test
  void verifyRepairsByItself() throws IOException {
    Pm pm = pm();
    pm.run("install");
    String entry = names(pm.home().resolve("cache")).getFirst();
    Path file = pm.home().resolve("cache").resolve(entry).resolve("metadata.json");
    assertThat(file.toFile().setWritable(true)).isTrue();
    Files.writeString(file, Files.readString(file) + " ");
    Pm.Outcome outcome = pm.run("install", "--verify");
    assertThat(outcome.out()).isEqualTo("2 packages, 1 fetched\n");
    assertThat(outcome.err()).startsWith("warning[RAYA-PKG-015]");
  }

  @Test
  void entryThatLacksAFileOrDoesNotParseIsRepairedByAPlainInstall() throws IOException {
    Pm pm = pm();
    pm.run("install");
    Path entry = pm.home().resolve("cache").resolve(names(pm.home().resolve("cache")).getFirst());
    for (String file : List.of("metadata.json", "module.rbin", "entry.json")) {
      Files.delete(entry.resolve(file));
      Files.delete(pm.project().resolve(".raya/install.json"));
      assertThat(pm.run("install").out()).as(file).isEqualTo("2 packages, 1 fetched\n");
    }
    for (String file : List.of("metadata.json", "entry.json")) {
      assertThat(entry.resolve(file).toFile().setWritable(true)).isTrue();
      Files.writeString(entry.resolve(file), "{");
      Files.delete(pm.project().resolve(".raya/install.json"));
      assertThat(pm.run("install").out()).as(file).isEqualTo("2 packages, 1 fetched\n");
    }
    assertThat(pm.run("cache", "verify").exit()).isZero();
  }

  @Test
  void proofThatWasDamagedIsFetchedAgain() throws IOException {
    Pm pm = pm();
    pm.run("install");
    Path entry = pm.home().resolve("cache").resolve(names(pm.home().resolve("cache")).getFirst());
    Files.writeString(entry.resolve("proof.json"), "{\"schema\":");
    Files.delete(pm.project().resolve(".raya/install.json"));
    assertThat(pm.run("install", "--offline").exit()).isEqualTo(3);
    assertThat(pm.run("install").exit()).isZero();
    Files.delete(pm.project().resolve(".raya/install.json"));
    assertThat(pm.run("install", "--offline").exit()).isZero();
  }

  @Test
  void missingProofIsFetchedAndMissedOffline() throws IOException {
    Pm pm = pm();
    pm.run("install");
    for (String entry : names(pm.home().resolve("cache"))) {
      Files.delete(pm.home().resolve("cache").resolve(entry).resolve("proof.json"));
    }
    Files.delete(pm.project().resolve(".raya/install.json"));
    assertThat(pm.run("install", "--offline").err()).startsWith("error[RAYA-SEC-013]");
    assertThat(pm.run("install").exit()).isZero();
    Files.delete(pm.project().resolve(".raya/install.json"));
    assertThat(pm.run("install", "--offline").exit()).isZero();
  }

  @Test
  void editedLockfileIsRefused() {
    Pm pm = pm();
    pm.run("install");
    String lock = pm.read("raya.lock");
    pm.write(
        "raya.lock", lock.replace("[\"random\", \"time\"]", "[\"net\", \"random\", \"time\"]"));
    Pm.Outcome granted = pm.run("install");
    assertThat(granted.exit()).isEqualTo(3);
    assertThat(granted.err()).startsWith("error[RAYA-PKG-007]");
    pm.write("raya.lock", lock.replace("dependencies = [\"fmt 1.3.0\"]\n", ""));
    assertThat(pm.run("install").err()).startsWith("error[RAYA-PKG-007]");
    pm.write("raya.lock", "<<<<<<< HEAD\n" + lock);
    assertThat(pm.run("install").err()).startsWith("error[RAYA-PKG-005]");
    assertThat(pm.run("lock", "--repair").exit()).isZero();
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }

  @Test
  void addAndRemoveSayOfALockfileWhatInstallSays() {
    Pm pm = pm();
    registry.publish(TestPackage.of("extra", "1.0.0"));
    pm.run("install");
    String lock = pm.read("raya.lock");
    String manifest = pm.read("raya.toml");
    pm.write("raya.lock", lock + "x\n");
    Pm.Outcome said = pm.run("install");
    assertThat(said.err()).startsWith("error[RAYA-PKG-005]");
    assertThat(pm.run("add", "extra")).isEqualTo(said);
    assertThat(pm.run("remove", "logging")).isEqualTo(said);
    assertThat(pm.read("raya.toml")).isEqualTo(manifest);
    pm.write("raya.lock", lock);
    assertThat(pm.run("add", "extra").exit()).isZero();
    assertThat(pm.run("remove", "extra").exit()).isZero();
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
  }

  @Test
  void addTakesNothingFromAnEntryThatIsNotWhatWasAccepted() throws IOException {
    Pm pm = pm();
    registry.publish(TestPackage.of("extra", "1.0.0"));
    pm.run("install");
    for (String entry : names(pm.home().resolve("cache"))) {
      Path metadata = pm.home().resolve("cache").resolve(entry).resolve("metadata.json");
      assertThat(metadata.toFile().setWritable(true)).isTrue();
      Files.writeString(metadata, Files.readString(metadata).replace("\"fmt\"", "\"fnt\""));
    }
    String lock = pm.read("raya.lock");
    assertThat(pm.run("add", "extra").err())
        .startsWith("error[RAYA-PKG-007]")
        .contains("the archive of fmt 1.3.0 holds fnt 1.3.0");
    assertThat(pm.read("raya.lock")).isEqualTo(lock);
    assertThat(pm.run("install", "--verify").exit()).isZero();
    assertThat(pm.run("add", "extra").exit()).isZero();
  }

  @Test
  void capabilityThatNobodyGrantedStopsEverything() {
    registry.publish(TestPackage.of("net-lib", "1.0.0").needing("net"));
    Pm pm = Pm.in(folder).at(registry).project("net-lib = \"^1.0\"");
    Pm.Outcome refused = pm.run("install");
    assertThat(refused.exit()).isEqualTo(5);
    assertThat(refused.err())
        .contains(
            "error[RAYA-SEC-020]: net-lib 1.0.0 needs \"net\", which nothing grants it",
            "by way of this project -> net-lib",
            "--grant net-lib=net");
    assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
    assertThat(pm.run("install", "--grant", "net-lib=net").exit()).isZero();
    assertThat(pm.read("raya.toml"))
        .contains("net-lib = {", "version = \"^1.0\"", "grant = [\"net\"]");
    assertThat(pm.read("raya.lock"))
        .contains("capabilities = [\"net\"]", "granted = [\"net\", \"random\", \"time\"]");
    assertThat(pm.run("install", "--frozen", "--offline").exit()).isZero();
  }

  @Test
  void grantForAPackageFurtherDownGoesToItsOwnTable() {
    registry.publish(TestPackage.of("net-lib", "1.0.0").needing("net"));
    registry.publish(TestPackage.of("web", "1.0.0").on("net-lib", "^1.0"));
    Pm pm = Pm.in(folder).at(registry).project("web = \"^1.0\"");
    assertThat(pm.run("install").exit()).isEqualTo(5);
    assertThat(pm.run("install", "--grant", "net-lib=net").exit()).isZero();
    assertThat(pm.read("raya.toml")).contains("[grants]\nnet-lib = [\"net\"]");
  }

  @Test
  void aPlaceInALockfileHasItsOffsetInBytes() {
    Pm pm = Pm.in(folder).project("fmt = \"^1\"");
    String before = "# Written by raya-pm. Do not edit.\nversion = 1\n";
    pm.write("raya.lock", before + "manifest = \"größer\"\n");
    Pm.Outcome refused = pm.run("install", "--output", "json");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.out())
        .contains(
            "RAYA-PKG-005",
            "\"file\":\"raya.lock\",\"start\":{\"column\":1,\"line\":3,\"offset\":"
                + before.length()
                + "}");
  }
}
