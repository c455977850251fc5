package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.signing.key.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that lies, or something between it and the client: nothing of it is taken. */
final class HostileRegistryTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    return Pm.in(folder).at(registry).project("fmt = \"^1.0\"");
  }

  private void refused(Pm.Outcome outcome, int exit, String code, Pm pm) throws IOException {
    assertThat(outcome.err()).contains("error[" + code + "]");
    assertThat(outcome.exit()).isEqualTo(exit);
    assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
    try (Stream<Path> entries = Files.list(pm.home().resolve("cache"))) {
      assertThat(entries).isEmpty();
    }
    try (Stream<Path> leftovers = Files.list(pm.home().resolve("tmp"))) {
      assertThat(leftovers).isEmpty();
    }
  }

  @Test
  void changedArchiveIsRefusedBeforeItIsUnpacked() throws IOException {
    TestPackage.Archive archive = registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.tamper(TestRegistry.blobPath(archive.facts().checksum()), HostileRegistryTest::flip);
    Pm.Outcome outcome = pm().run("install");
    refused(outcome, 3, "RAYA-PKG-009", pm());
    assertThat(outcome.err()).contains("expected: " + archive.facts().checksum(), "found: sha256:");
    registry.mend();
    assertThat(pm().run("install").exit()).isZero();
  }

  @Test
  void shortAndLongArchivesAreRefused() throws IOException {
    TestPackage.Archive archive = registry.publish(TestPackage.of("fmt", "1.0.0"));
    String path = TestRegistry.blobPath(archive.facts().checksum());
    registry.tamper(path, bytes -> Arrays.copyOf(bytes, bytes.length - 7));
    refused(pm().run("install"), 3, "RAYA-PKG-009", pm());
    registry.tamper(path, bytes -> Arrays.copyOf(bytes, bytes.length + 7));
    refused(pm().run("install"), 3, "RAYA-PKG-009", pm());
  }

  @Test
  void archiveThatIsGoneIsReported() throws IOException {
    TestPackage.Archive archive = registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.remove(TestRegistry.blobPath(archive.facts().checksum()));
    refused(pm().run("install"), 1, "RAYA-REG-004", pm());
  }

  @Test
  void statementOfSomebodyElseIsRefused() throws IOException {
    SigningKey thief = SigningKey.ofSeed(new byte[32]);
    registry.publish(TestPackage.of("fmt", "1.0.0"), thief, registry.key());
    Pm.Outcome outcome = pm().run("install");
    refused(outcome, 3, "RAYA-SEC-008", pm());
    assertThat(outcome.err()).contains(thief.verificationKey().keyId().hex());
  }

  @Test
  void changedStatementIsRefused() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    byte[] leaf = registry.leaf(1);
    String text = new String(leaf, StandardCharsets.UTF_8);
    int at = text.indexOf("\"attestations\":[{\"predicateType\"");
    assertThat(at).isPositive();
    String digest = text.substring(text.indexOf("\"sha256\":\"", at) + 10).substring(0, 64);
    registry.tamper(TestRegistry.blobPath(new Digest(digest)), HostileRegistryTest::flip);
    refused(pm().run("install"), 3, "RAYA-SEC-007", pm());
  }

  @Test
  void recordOfOtherBytesIsRefused() throws IOException {
    TestPackage.Archive archive = registry.publish(TestPackage.of("fmt", "1.0.0"));
    String text = new String(registry.leaf(1), StandardCharsets.UTF_8);
    String other = Digest.of(new byte[] {1}).hex();
    registry.replaceLeaf(
        1, text.replace(archive.facts().tree().hex(), other).getBytes(StandardCharsets.UTF_8));
    Pm.Outcome outcome = pm().run("install");
    refused(outcome, 3, "RAYA-SEC-005", pm());
    assertThat(outcome.err()).contains("tree differs", other);
  }

  @Test
  void capabilitiesThatTheBytecodeDoesNotHaveAreRefused() throws IOException {
    TestPackage honest = TestPackage.of("fmt", "1.0.0").needing("net");
    TestPackage.Archive archive = registry.publish(honest);
    registry.tamper(
        TestRegistry.indexPath("fmt"),
        bytes ->
            new String(bytes, StandardCharsets.UTF_8)
                .replace("\"capabilities\":[\"net\"],", "")
                .getBytes(StandardCharsets.UTF_8));
    assertThat(archive.facts().size()).isPositive();
    refused(pm().run("install"), 3, "RAYA-SEC-005", pm());
  }

  @Test
  void rewrittenIndexIsRefusedAndKeptAsEvidence() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    assertThat(pm().run("install").exit()).isZero();
    Files.delete(pm().project().resolve("raya.lock"));
    registry.publish(TestPackage.of("fmt", "1.1.0"));
    registry.tamper(
        TestRegistry.indexPath("fmt"),
        bytes ->
            new String(bytes, StandardCharsets.UTF_8)
                .replace("2026-01-06T12:00:00Z", "2026-01-06T12:00:01Z")
                .getBytes(StandardCharsets.UTF_8));
    Pm.Outcome outcome = pm().run("install");
    assertThat(outcome.exit()).isEqualTo(3);
    assertThat(outcome.err()).startsWith("error[RAYA-SEC-012]").contains(".held", ".served");
  }

  @Test
  void indexThatWasDamagedHereIsFetchedAgainAndNotCalledRewritten() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    assertThat(pm().run("install").exit()).isZero();
    Path held = held("fmt");
    byte[] honest = Files.readAllBytes(held);
    Files.writeString(held, Files.readString(held).replace("2026-01-06", "2026-01-07"));
    Pm.Outcome offline = pm().run("--offline", "info", "fmt");
    assertThat(offline.err()).contains("error[RAYA-SEC-013]", "is not what was kept", "" + held);
    Files.delete(pm().project().resolve("raya.lock"));
    Pm.Outcome outcome = pm().run("install");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .contains("fmt that is held here is not what was kept", "fetched again");
    assertThat(held).hasBinaryContent(honest);
    // A lockfile needs no document: what is damaged hinders its install no more than a missing one.
    for (String[] install : new String[][] {{"install"}, {"install", "--frozen"}}) {
      Directories.delete(pm().home().resolve("cache"));
      Files.write(held, Arrays.copyOf(honest, honest.length / 2));
      Pm.Outcome locked = pm().run(install);
      assertThat(locked.exit()).as(locked.err()).isZero();
    }
    assertThat(pm().run("outdated").err()).contains("fetched again");
    assertThat(held).hasBinaryContent(honest);
    Directories.delete(pm().home().resolve("cache"));
    Files.write(held, Arrays.copyOf(honest, honest.length / 2));
    assertThat(pm().run("install", "--offline").err()).contains("error[RAYA-SEC-013]", "" + held);
  }

  @Test
  void documentsThatAnEarlierReleaseKeptHaveNoDigestAndAreTaken() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    assertThat(pm().run("install").exit()).isZero();
    Path held = held("fmt");
    String kept = Files.readString(held);
    String former = kept.substring(0, kept.lastIndexOf("sha256:"));
    Files.writeString(held, former);
    Pm.Outcome offline = pm().run("--offline", "info", "fmt");
    assertThat(offline.exit()).as(offline.err()).isZero();
    Files.delete(pm().project().resolve("raya.lock"));
    Pm.Outcome online = pm().run("install");
    assertThat(online.exit()).as(online.err()).isZero();
    assertThat(online.err()).doesNotContain("not what was kept");
    // One of those that is damaged hinders no install by the lockfile either.
    Directories.delete(pm().home().resolve("cache"));
    Files.writeString(held, former.replace("fmt", "fnt"));
    Pm.Outcome locked = pm().run("install", "--frozen");
    assertThat(locked.exit()).as(locked.err()).isZero();
    Files.writeString(held, former);
    // With what is published next it is kept anew.
    registry.publish(TestPackage.of("fmt", "1.1.0"));
    assertThat(pm().run("outdated").err()).doesNotContain("not what was kept");
    assertThat(Files.readString(held)).startsWith(former).contains("\nsha256:");
    // Neither half of one nor a document whose digest was changed is taken for one of those.
    for (String damaged :
        new String[] {
          former.substring(0, former.length() - 1), kept.replace("sha256:", "sha25:")
        }) {
      Files.writeString(held, damaged);
      assertThat(pm().run("--offline", "info", "fmt").err()).contains("is not what was kept");
    }
  }

  @Test
  void documentNewerThanTheMetadataHeldIsNotCalledDamaged() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    assertThat(pm().run("install").exit()).isZero();
    Path tuf = held("fmt").resolve("../../../../tuf").normalize();
    Path before = folder.resolve("before");
    copy(tuf, before);
    registry.publish(TestPackage.of("fmt", "1.1.0"));
    assertThat(pm().run("outdated").exit()).isZero();
    copy(before, tuf);
    Pm.Outcome offline = pm().run("--offline", "info", "fmt");
    assertThat(offline.err())
        .contains("error[RAYA-SEC-013]", "the metadata is older", "`raya-pm outdated`")
        .doesNotContain("damaged");
    assertThat(pm().run("outdated").exit()).isZero();
    assertThat(pm().run("--offline", "info", "fmt").exit()).isZero();
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Where this home holds the index document of a package. */
  private Path held(String name) throws IOException {
    try (Stream<Path> files = Files.walk(pm().home().resolve("registry"))) {
      return files
          .filter(file -> file.toString().contains("/index/") && file.endsWith(name))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void otherRootUnderAKnownOriginIsRefused() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    assertThat(pm().run("install").exit()).isZero();
    Files.delete(pm().project().resolve("raya.lock"));
    int port = registry.port();
    registry.close();
    try (TestRegistry impostor = TestRegistry.startAt(2, port)) {
      impostor.publish(TestPackage.of("fmt", "1.0.0"));
      Pm.Outcome outcome = pm().run("install");
      assertThat(outcome.exit()).isEqualTo(3);
      assertThat(outcome.err())
          .startsWith("error[RAYA-SEC-002]")
          .contains("known: " + registry.fingerprint(), "shown: " + impostor.fingerprint());
      assertThat(
              pm().with("RAYA_TRUST_ROOT", impostor.fingerprint().toString()).run("install").err())
          .startsWith("error[RAYA-SEC-002]");
    }
  }

  @Test
  void pinnedRootIsTakenWithoutNoticeAndAnotherRefused() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm.Outcome wrong = pm().run("install", "--trust-root", Digest.of(new byte[] {1}).toString());
    refused(wrong, 3, "RAYA-SEC-002", pm());
    Pm.Outcome right = pm().run("install", "--trust-root", registry.fingerprint().toString());
    assertThat(right).isEqualTo(new Pm.Outcome(0, "1 package, 1 fetched, raya.lock written\n", ""));
  }

  @Test
  void somethingElseUnderTheAddressIsNoRegistry() throws IOException {
    registry.tamper("/index/config.json", bytes -> "<html>".getBytes(StandardCharsets.UTF_8));
    refused(pm().run("install"), 4, "RAYA-NET-004", pm());
    registry.close();
    refused(pm().run("install", "--timeout", "2s"), 4, "RAYA-NET-001", pm());
  }

  @Test
  void plainHttpLeavesThisMachineNever() {
    Pm.Outcome outcome = pm().with("RAYA_REGISTRY", "http://registry.example").run("install");
    assertThat(outcome.exit()).isEqualTo(2);
    assertThat(outcome.err()).contains("plain http is for this machine's own addresses only");
  }

  @Test
  void unknownPackageAndVersionNameWhatThereIs() throws IOException {
    registry.publish(TestPackage.of("logging", "1.0.0"));
    Pm pm = Pm.in(folder).at(registry).project("loging = \"^1.0\"");
    Pm.Outcome unknown = pm.run("install");
    refused(unknown, 1, "RAYA-RES-002", pm);
    assertThat(unknown.err()).contains("Did you mean logging?", "raya.toml:7");
    Pm.Outcome version = pm.project("logging = \"^9\"").run("install");
    refused(version, 1, "RAYA-RES-003", pm);
    assertThat(version.err()).contains("there is 1.0.0");
    String manifest = pm.read("raya.toml");
    assertThat(pm.run("add", "logging@^8").exit()).isEqualTo(1);
    assertThat(pm.run("add", "nothing-like-it").exit()).isEqualTo(1);
    assertThat(pm.read("raya.toml")).isEqualTo(manifest);
  }

  @Test
  void contradictionIsDerivedFromTheUsersRequirementsAndSuggestionsWereTried() throws IOException {
    registry.publish(TestPackage.of("json", "2.0.0"));
    registry.publish(TestPackage.of("json", "2.1.0"));
    registry.publish(TestPackage.of("web", "1.0.0").on("json", "=2.0.0"));
    registry.publish(TestPackage.of("old-api", "1.0.0").on("json", "=2.1.0"));
    Pm pm = Pm.in(folder).at(registry).project("web = \"^1.0\"", "old-api = \"^1.0\"");
    Pm.Outcome outcome = pm.run("install");
    refused(outcome, 1, "RAYA-RES-001", pm);
    assertThat(outcome.err()).contains("raya.toml:7", "raya.toml:8", "json", "web", "old-api");
    assertThat(pm.run("install", "--output", "json").out())
        .contains("\"explanation\":{\"core\":", "\"derivation\":");
    String llm = pm.run("install", "--llm", "--llm-budget", "300").out();
    assertThat(llm.length()).isLessThanOrEqualTo(1200);
    assertThat(llm).contains("RAYA-RES-001").doesNotContain("derivation\":[");
  }

  private static byte[] flip(byte[] bytes) {
    byte[] changed = bytes.clone();
    changed[changed.length / 2] ^= 1;
    return changed;
  }
}
