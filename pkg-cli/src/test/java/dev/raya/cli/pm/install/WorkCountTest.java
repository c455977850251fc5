package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.signing.key.Identity;
import dev.raya.signing.sigstore.PublishBundle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How much an install asks for, whatever the machine's load: requests, and files looked at. */
final class WorkCountTest {
  private static final int CHAIN = 40;

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  /** A chain: each package needs the next, so that single look-ups would need a round trip each. */
  private Pm chain() {
    for (int i = CHAIN - 1; i >= 0; i--) {
      TestPackage link = TestPackage.of("link" + i, "1.0.0");
      registry.publish(i == CHAIN - 1 ? link : link.on("link" + (i + 1), "^1.0"));
    }
    registry.publish(TestPackage.of("other", "1.0.0"));
    return Pm.in(folder).at(registry).project("link0 = \"^1.0\"");
  }

  private List<String> metadataRequests() {
    return registry.requests().stream().filter(each -> !each.contains("/blobs/")).sorted().toList();
  }

  private List<String> archiveRequests() {
    return registry.requests().stream().filter(each -> each.contains("/blobs/")).toList();
  }

  @Test
  void coldInstallAsksAHandfulOfTimesAndOnceForEachArchive() {
    Pm pm = chain();
    assertThat(pm.run("install").out())
        .isEqualTo(CHAIN + " packages, " + CHAIN + " fetched, raya.lock written\n");
    assertThat(metadataRequests())
        .containsExactly(
            "GET /index/config.json",
            "GET /tuf/1.root.json",
            "POST /index/batch",
            "POST /index/batch");
    assertThat(archiveRequests()).hasSize(CHAIN).doesNotHaveDuplicates();
  }

  /**
   * Lets the index document of {@code slow} wait until so many archives were asked for.
   *
   * @return its address
   */
  private String slowUntilArchivesAreAskedFor(int archives, AtomicBoolean asked) {
    String slow =
        TestRegistry.byDigest(
            TestRegistry.indexPath("slow"), registry.file(TestRegistry.indexPath("slow")));
    registry.tamper(
        slow,
        document -> {
          long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
          while (archiveRequests().size() < archives && System.nanoTime() < end) {
            Thread.onSpinWait();
          }
          asked.set(archiveRequests().size() >= archives);
          return document;
        });
    return slow;
  }

  @Test
  void archivesComeWhileTheResolutionGoesOn() {
    Pm pm = chain();
    registry.publish(TestPackage.of("top", "1.0.0").on("link0", "^1.0").on("slow", "^1.0"));
    registry.publish(TestPackage.of("slow", "1.0.0"));
    pm.project("top = \"^1.0\"");
    // The batch leaves it out, so that the resolution has to wait for a single answer; and that one
    // waits for the archives of the others.
    registry.batches().leaveOut("slow");
    AtomicBoolean overlapped = new AtomicBoolean();
    String slow = slowUntilArchivesAreAskedFor(CHAIN, overlapped);
    assertThat(pm.run("install").out())
        .isEqualTo(CHAIN + 2 + " packages, " + (CHAIN + 2) + " fetched, raya.lock written\n");
    assertThat(overlapped).isTrue();
    assertThat(archiveRequests()).hasSize(CHAIN + 2).doesNotHaveDuplicates();
    assertThat(metadataRequests())
        .containsExactly(
            "GET " + slow,
            "GET /index/config.json",
            "GET /tuf/1.root.json",
            "POST /index/batch",
            "POST /index/batch",
            "POST /index/batch");
  }

  @Test
  void wrongGuessCostsItsBytesAndNothingElse() {
    registry.publish(TestPackage.of("low", "1.0.0"));
    registry.publish(TestPackage.of("low", "1.1.0"));
    // The highest of it cannot be had together with what the project asks for.
    registry.publish(TestPackage.of("picky", "1.0.0").on("low", "^1.0"));
    registry.publish(TestPackage.of("picky", "1.1.0").on("low", ">=3.0"));
    Pm pm = Pm.in(folder).at(registry).project("picky = \"^1.0\"", "low = \"~1.0\"");
    assertThat(pm.run("install").out()).isEqualTo("2 packages, 2 fetched, raya.lock written\n");
    assertThat(archiveRequests()).hasSizeBetween(2, 3).doesNotHaveDuplicates();
    assertThat(pm.home().resolve("cache").toFile().list()).hasSize(2);
    assertThat(pm.read("raya.lock")).doesNotContain("1.1.0");
  }

  @Test
  void addAsksOnlyForWhatIsNew() {
    Pm pm = chain();
    pm.run("install");
    registry.forgetRequests();
    assertThat(pm.run("add", "other").exit()).isZero();
    assertThat(archiveRequests()).hasSize(1);
    assertThat(metadataRequests())
        .hasSizeLessThanOrEqualTo(5)
        .allMatch(
            each ->
                !each.contains("/index/")
                    || each.endsWith("batch")
                    || each.endsWith("config.json"));
  }

  @Test
  void archivesOfWhatIsAddedComeWhileTheResolutionGoesOn() {
    Pm pm = chain();
    pm.run("install");
    registry.publish(TestPackage.of("low", "1.0.0"));
    registry.publish(TestPackage.of("slow", "1.0.0"));
    registry.publish(TestPackage.of("top", "1.0.0").on("low", "^1.0").on("slow", "^1.0"));
    registry.batches().leaveOut("slow");
    AtomicBoolean overlapped = new AtomicBoolean();
    slowUntilArchivesAreAskedFor(2, overlapped);
    registry.forgetRequests();
    assertThat(pm.run("add", "top").out()).contains(CHAIN + 3 + " packages, 3 fetched");
    assertThat(overlapped).isTrue();
    assertThat(archiveRequests()).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void whatIsLockedIsNotGuessedAnew() {
    Pm pm = chain();
    pm.run("install");
    registry.publish(TestPackage.of("link0", "1.1.0"));
    registry.publish(TestPackage.of("top", "1.0.0").on("link0", "^1.0"));
    registry.forgetRequests();
    assertThat(pm.run("add", "top").out()).contains(CHAIN + 1 + " packages, 1 fetched");
    assertThat(archiveRequests()).hasSize(1);
  }

  /** Publishes a version whose attestation is listed and cannot be had. */
  private void publishUnattested(TestPackage version) {
    Identity signer = new Identity.Key(17, registry.key().verificationKey());
    List<byte[]> bundles = new ArrayList<>();
    registry.publish(
        version,
        signer,
        signer,
        statement -> {
          bundles.add(PublishBundle.sign(statement, registry.key()).bytes());
          return List.copyOf(bundles);
        });
    registry.remove(TestRegistry.blobPath(Digest.of(bundles.getFirst())));
  }

  @Test
  void whatOnlyASupersededGuessNeedsIsNotAskedFor() {
    publishUnattested(TestPackage.of("xx", "1.0.0"));
    registry.publish(TestPackage.of("aa", "1.0.0"));
    registry.publish(TestPackage.of("aa", "1.1.0").on("xx", "^1.0"));
    registry.publish(TestPackage.of("bb", "1.0.0").on("aa", "~1.0.0"));
    Pm pm = Pm.in(folder).at(registry).project("aa = \"^1.0\"", "bb = \"^1.0\"");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.out()).as(outcome.err()).startsWith("2 packages, 2 fetched");
    assertThat(archiveRequests()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void wrongGuessThatCannotBeHadConcernsNobody() throws IOException {
    publishUnattested(TestPackage.of("part", "1.0.0"));
    registry.publish(TestPackage.of("low", "1.0.0"));
    registry.publish(TestPackage.of("other", "1.0.0"));
    registry.publish(TestPackage.of("picky", "1.0.0").on("low", "^1.0"));
    registry.publish(TestPackage.of("picky", "1.1.0").on("low", ">=3.0").on("part", "^1.0"));
    Pm pm = Pm.in(folder).at(registry).project("picky = \"=1.0.0\"");
    assertThat(pm.run("install").exit()).isZero();
    Files.delete(pm.project().resolve("raya.lock"));
    // All that is missing then was guessed, and what cannot be had beside it.
    pm.project("picky = \"^1.0\"", "low = \"~1.0\"", "other = \"^1.0\"");
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.out()).as(outcome.err()).startsWith("3 packages, 1 fetched");
    assertThat(pm.home().resolve("cache").toFile().list()).hasSize(3);
    assertThat(pm.home().resolve("tmp").toFile().list()).isEmpty();
  }

  @Test
  void rightGuessThatCannotBeHadIsNamed() {
    publishUnattested(TestPackage.of("low", "1.0.0"));
    registry.publish(TestPackage.of("top", "1.0.0").on("low", "^1.0"));
    Pm pm = Pm.in(folder).at(registry).project("top = \"^1.0\"");
    assertThat(pm.run("install").err())
        .contains("error[RAYA-REG-004]: low@1.0.0: its attestation cannot be had: ");
  }

  @Test
  void wrongGuessAboutWhatIsAddedLeavesNothing() {
    registry.publish(TestPackage.of("low", "1.0.0"));
    registry.publish(TestPackage.of("part", "1.0.0"));
    registry.publish(TestPackage.of("picky", "1.0.0").on("low", "^1.0"));
    registry.publish(TestPackage.of("picky", "1.1.0").on("low", ">=3.0").on("part", "^1.0"));
    registry.publish(TestPackage.of("top", "1.0.0").on("picky", "^1.0"));
    Pm pm = Pm.in(folder).at(registry).project("low = \"^1.0\"");
    pm.run("install");
    assertThat(pm.run("add", "top").out()).contains("3 packages, 2 fetched");
    assertThat(pm.home().resolve("cache").toFile().list()).hasSize(3);
    assertThat(pm.home().resolve("tmp").toFile().list()).isEmpty();
    assertThat(pm.read("raya.lock")).doesNotContain("1.1.0", "part");
  }

  /** What narrows the choice, and whether the addition goes well nevertheless. */
  static Stream<Arguments> narrowing() {
    return Stream.of(
        Arguments.of("RAYA_MIN_RELEASE_AGE", "36500d", "", 0),
        Arguments.of("", "", "\n[constraints]\nlow = \"~1.0.0\"\n", 2),
        Arguments.of("", "", "\n[override]\nlow = \"~1.0.0\"\n", 2),
        Arguments.of("", "", "\n[policy]\nallow-licenses = [\"ISC\"]\n", 0));
  }

  @ParameterizedTest
  @MethodSource("narrowing")
  void nothingIsGuessedWhereARuleNarrowsTheChoice(
      String variable, String value, String table, int fetched) {
    registry.publish(TestPackage.of("low", "1.0.0"));
    registry.publish(TestPackage.of("low", "1.1.0"));
    registry.publish(TestPackage.of("top", "1.0.0").on("low", "^1.0"));
    registry.publish(TestPackage.of("other", "1.0.0").under("ISC"));
    Pm pm = Pm.in(folder).at(registry).project("other = \"^1.0\"");
    pm.write("raya.toml", pm.read("raya.toml") + table);
    assertThat(pm.run("install").exit()).isZero();
    registry.forgetRequests();
    Pm under = variable.isEmpty() ? pm : pm.with(variable, value);
    Pm.Outcome outcome = under.run("add", "top");
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(fetched == 0 ? 1 : 0);
    // One guess more would have been the highest version of what narrows to another.
    assertThat(archiveRequests()).hasSize(fetched).doesNotHaveDuplicates();
  }

  @Test
  void refusedGuessesKeepNoMemoryFromTheOthers() {
    int refused = 30;
    TestPackage picky = TestPackage.of("picky", "1.1.0").on("low", ">=3.0").on("zz", "^1.0");
    for (int i = 0; i < refused; i++) {
      TestPackage.Archive archive = registry.publish(TestPackage.of("bad" + i, "1.0.0"));
      registry.remove(TestRegistry.blobPath(archive.facts().checksum()));
      // Together they are said to be larger than what is held at once.
      registry.tamper(
          TestRegistry.indexPath("bad" + i),
          document ->
              new String(document, StandardCharsets.UTF_8)
                  .replaceAll("\"size\":[0-9]+", "\"size\":1000000")
                  .getBytes(StandardCharsets.UTF_8));
      picky = picky.on("bad" + i, "^1.0");
    }
    registry.publish(TestPackage.of("zz", "1.0.0"));
    registry.publish(TestPackage.of("slow", "1.0.0"));
    registry.publish(TestPackage.of("low", "1.0.0"));
    registry.publish(TestPackage.of("picky", "1.0.0").on("low", "^1.0"));
    registry.publish(picky);
    Pm pm =
        Pm.in(folder).at(registry).project("picky = \"^1.0\"", "low = \"~1.0\"", "slow = \"^1.0\"");
    registry.batches().leaveOut("slow");
    AtomicBoolean overlapped = new AtomicBoolean();
    slowUntilArchivesAreAskedFor(refused + 3, overlapped);
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.out()).as(outcome.err()).startsWith("3 packages, 3 fetched");
    assertThat(overlapped).isTrue();
  }

  /** Another proof of the same length, its times as before or not. */
  private Path spoilProof(Pm pm, boolean hidden) throws IOException {
    Path entry;
    try (Stream<Path> entries = Files.list(pm.home().resolve("cache"))) {
      entry = entries.sorted().findFirst().orElseThrow();
    }
    Path proof = entry.resolve("proof.json");
    FileTime written = Files.getLastModifiedTime(proof);
    int length = (int) Files.size(proof);
    assertThat(proof.toFile().setWritable(true)).isTrue();
    Files.write(proof, new byte[length]);
    Files.setLastModifiedTime(
        proof, hidden ? written : FileTime.from(written.toInstant().plusSeconds(5)));
    return proof;
  }

  @Test
  void addReadsNoProofThatTheLastInstallHasAccepted() throws IOException {
    Pm pm = chain();
    pm.run("install");
    Path proof = spoilProof(pm, true);
    registry.forgetRequests();
    assertThat(pm.run("add", "other").out()).contains("41 packages, 1 fetched");
    assertThat(archiveRequests()).hasSize(1);
    assertThat(Files.readAllBytes(proof)).containsOnly(0);
  }

  @Test
  void entryThatChangedSinceTheLastInstallIsCheckedAgain() throws IOException {
    Pm pm = chain();
    pm.run("install");
    Path proof = spoilProof(pm, false);
    assertThat(pm.run("add", "other").out()).contains("41 packages, 2 fetched");
    assertThat(Files.readString(proof)).startsWith("{");
  }

  @Test
  void otherClaimOfAnAcceptedEntryIsCheckedAgain() throws IOException {
    Pm pm = chain();
    pm.run("install");
    String lock = pm.read("raya.lock");
    Files.writeString(
        pm.project().resolve("raya.lock"), lock.replaceFirst("time = \"20", "time = \"19"));
    Pm.Outcome refused = pm.run("install");
    assertThat(refused.err()).contains("RAYA-");
    assertThat(refused.exit()).isNotZero();
  }

  @Test
  void frozenInstallOfAnotherCheckoutWithAWarmCacheAsksNothing() throws IOException {
    Pm pm = chain();
    pm.run("install");
    registry.forgetRequests();
    try (Stream<Path> files = Files.walk(pm.project().resolve(".raya"))) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThat(pm.run("install", "--frozen", "--output", "json").out())
        .contains("\"upToDate\":true");
    assertThat(registry.requests()).isEmpty();
    assertThat(pm.project().resolve(".raya/install.json")).exists();
  }

  @Test
  void recordIsVoidOnceAnEntryOrItsProofIsGone() throws IOException {
    Pm pm = chain();
    pm.run("install");
    Path entry;
    try (Stream<Path> entries = Files.list(pm.home().resolve("cache"))) {
      entry = entries.sorted().findFirst().orElseThrow();
    }
    Files.delete(entry.resolve("proof.json"));
    registry.forgetRequests();
    assertThat(pm.run("install").exit()).isZero();
    assertThat(registry.requests()).isNotEmpty();
    assertThat(entry.resolve("proof.json")).exists();
  }

  @Test
  void whatWasWrittenBeforeTheLastStartOfTheMachineIsHashedOnceMore() throws IOException {
    Pm pm = chain();
    pm.run("install");
    Path cut;
    try (Stream<Path> entries = Files.list(pm.home().resolve("cache"))) {
      cut = entries.sorted().findFirst().orElseThrow();
    }
    assertThat(cut.resolve("module.rbin").toFile().setWritable(true)).isTrue();
    Files.write(cut.resolve("module.rbin"), new byte[0]);
    assertThat(pm.run("install").out()).startsWith("up to date");
    FileTime longAgo = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
    Files.setLastModifiedTime(cut.resolve("entry.json"), longAgo);
    Files.setLastModifiedTime(pm.project().resolve(".raya/install.json"), longAgo);
    try (Stream<Path> records = Files.list(pm.home().resolve("closures"))) {
      for (Path record : records.toList()) {
        Files.setLastModifiedTime(record, longAgo);
      }
    }
    Pm.Outcome mended = pm.run("install");
    assertThat(mended.out()).isEqualTo(CHAIN + " packages, 1 fetched\n");
    assertThat(mended.err()).startsWith("warning[RAYA-PKG-015]");
    assertThat(Files.size(cut.resolve("module.rbin"))).isPositive();
  }

  @Test
  void batchWhoseDocumentIsNotWhatItsPathSaysIsNotBelieved() {
    Pm pm = chain();
    registry
        .batches()
        .lie(
            document ->
                new String(document, StandardCharsets.UTF_8)
                    .replace("\"version\":\"1.0.0\"", "\"version\":\"1.0.9\"")
                    .getBytes(StandardCharsets.UTF_8));
    assertThat(pm.run("install").out())
        .isEqualTo(CHAIN + " packages, " + CHAIN + " fetched, raya.lock written\n");
    assertThat(pm.read("raya.lock")).doesNotContain("1.0.9");
    assertThat(metadataRequests())
        .anyMatch(each -> each.startsWith("GET /index/") && each.endsWith(".link7"));
  }
}
