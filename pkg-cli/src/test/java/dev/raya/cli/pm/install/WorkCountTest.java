package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    registry.leaveOutOfBatches("slow");
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
    registry.leaveOutOfBatches("slow");
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

  @Test
  void wrongGuessAboutWhatIsAddedLeavesNothing() {
    registry.publish(TestPackage.of("low", "1.0.0"));
    registry.publish(TestPackage.of("low", "1.1.0"));
    registry.publish(TestPackage.of("top", "1.0.0").on("low", "^1.0"));
    registry.publish(TestPackage.of("other", "1.0.0"));
    Pm pm = Pm.in(folder).at(registry).project("other = \"^1.0\"");
    pm.run("install");
    pm.write("raya.toml", pm.read("raya.toml") + "\n[constraints]\nlow = \"~1.0.0\"\n");
    pm.run("install");
    assertThat(pm.run("add", "top").out()).contains("3 packages, 2 fetched");
    assertThat(pm.home().resolve("cache").toFile().list()).hasSize(3);
    assertThat(pm.home().resolve("tmp").toFile().list()).isEmpty();
    assertThat(pm.read("raya.lock")).doesNotContain("1.1.0");
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
    registry.lieInBatches(
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
