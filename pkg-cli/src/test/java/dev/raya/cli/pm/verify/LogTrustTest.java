package dev.raya.cli.pm.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.disk.Directories;
import dev.raya.cache.store.PackageCache;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log that this home knows only grows; two histories are evidence. */
final class LogTrustTest {
  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);

  @AfterEach
  void stop() {
    registry.close();
  }

  private Pm pm() {
    return Pm.in(folder).at(registry).project("fmt = \"^1.0\"");
  }

  private static void refused(Pm.Outcome outcome, String code) {
    assertThat(outcome.err()).contains("error[" + code + "]");
    assertThat(outcome.exit()).as(outcome.err()).isEqualTo(3);
  }

  private void publishMany(int from, int to) {
    for (int i = from; i < to; i++) {
      registry.publish(TestPackage.of("other" + i, "1.0.0"));
    }
  }

  @Test
  void newStatesAreShownToExtendTheOldOneByTilesThatAreKept() {
    publishMany(0, 140);
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm();
    assertThat(pm.run("install").exit()).isZero();
    publishMany(140, 160);
    registry.publish(TestPackage.of("logging", "1.0.0"));
    registry.forgetRequests();
    assertThat(pm.run("add", "logging").exit()).isZero();
    assertThat(registry.requests().stream().filter(each -> each.contains("/log/tile/")))
        .isNotEmpty()
        .hasSizeLessThanOrEqualTo(4);
    registry.publish(TestPackage.of("last", "1.0.0"));
    assertThat(pm.run("add", "last").exit()).isZero();
    registry.close();
    assertThat(pm.run("verify", "--offline").out()).startsWith("3 packages verified");
  }

  @Test
  void rewrittenHistoryIsRefusedAndBothStatesAreKept() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm();
    assertThat(pm.run("install").exit()).isZero();
    byte[] record = registry.leaf(0);
    registry.replaceLeaf(
        0,
        new String(record, StandardCharsets.UTF_8)
            .replace("\"actor\":\"17\"", "\"actor\":\"18\"")
            .getBytes(StandardCharsets.UTF_8));
    registry.publish(TestPackage.of("logging", "1.0.0"));
    Pm.Outcome outcome = pm.run("add", "logging");
    refused(outcome, "RAYA-SEC-006");
    assertThat(outcome.err())
        .contains("expected: a state that is consistent with size 2", "found: size 4", "evidence:");
    try (Stream<Path> all = Files.walk(pm.home().resolve("registry"))) {
      assertThat(all.map(file -> file.getFileName().toString()))
          .anyMatch(name -> name.startsWith("checkpoint-") && name.endsWith(".held"))
          .anyMatch(name -> name.startsWith("checkpoint-") && name.endsWith(".served"));
    }
    assertThat(pm.read("raya.toml")).doesNotContain("logging");
    refused(pm.run("add", "logging"), "RAYA-SEC-006");
  }

  @Test
  void damagedMemoryOfTheLogIsMendedByProofsAndForgetsNothing() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm();
    assertThat(pm.run("install").exit()).isZero();
    Path memory;
    try (Stream<Path> all = Files.walk(pm.home().resolve("registry"))) {
      memory = all.filter(file -> file.endsWith("log/checkpoint")).findFirst().orElseThrow();
    }
    byte[] honest = Files.readAllBytes(memory);
    Files.write(memory, new byte[] {1});
    Files.write(memory.resolveSibling("seen"), new byte[] {1});
    assertThat(pm.run("verify", "--offline").exit()).isZero();
    assertThat(Files.readAllBytes(memory)).isEqualTo(honest);
    Files.write(memory, new byte[] {1});
    Files.write(memory.resolveSibling("seen"), new byte[] {1});
    registry.replaceLeaf(
        0,
        new String(registry.leaf(0), StandardCharsets.UTF_8)
            .replace("\"actor\":\"17\"", "\"actor\":\"18\"")
            .getBytes(StandardCharsets.UTF_8));
    registry.publish(TestPackage.of("logging", "1.0.0"));
    refused(pm.run("add", "logging"), "RAYA-SEC-006");
    Files.write(memory, new byte[] {1});
    Files.write(memory.resolveSibling("seen"), new byte[] {1});
    deleteCache(pm);
    Pm.Outcome nothing = pm.run("install");
    refused(nothing, "RAYA-SEC-013");
    assertThat(nothing.err()).contains("remove " + memory.getParent());
  }

  private static Path memory(Pm pm) throws IOException {
    try (Stream<Path> all = Files.walk(pm.home().resolve("registry"))) {
      return all.filter(file -> file.endsWith("log/checkpoint")).findFirst().orElseThrow();
    }
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.getParent(), "a file in a folder");
  }

  @Test
  void deletedMemoryOfTheLogIsNoFirstContactWhileProofsAreHeld() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm();
    assertThat(pm.run("install").exit()).isZero();
    Path memory = memory(pm);
    byte[] honest = Files.readAllBytes(memory);
    Directories.delete(folder(memory));
    assertThat(pm.run("verify", "--offline").exit()).isZero();
    assertThat(Files.readAllBytes(memory)).isEqualTo(honest);
    Directories.delete(folder(memory));
    registry.replaceLeaf(
        0,
        new String(registry.leaf(0), StandardCharsets.UTF_8)
            .replace("\"actor\":\"17\"", "\"actor\":\"18\"")
            .getBytes(StandardCharsets.UTF_8));
    registry.publish(TestPackage.of("logging", "1.0.0"));
    Pm other = Pm.in(folder.resolve("other")).at(registry).with("RAYA_HOME", pm.home().toString());
    refused(other.project("logging = \"^1.0\"").run("install"), "RAYA-SEC-006");
  }

  @Test
  void proofsMendAMemoryOfWhichOnlyTheOlderTreesAreLeft() throws IOException {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm();
    assertThat(pm.run("install").exit()).isZero();
    Path memory = memory(pm);
    byte[] older = Files.readAllBytes(memory.resolveSibling("seen"));
    registry.publish(TestPackage.of("logging", "1.0.0"));
    registry.publish(TestPackage.of("text", "1.0.0"));
    assertThat(pm.run("add", "logging", "text").exit()).isZero();
    byte[] honest = Files.readAllBytes(memory);
    Directories.delete(folder(memory));
    Files.createDirectories(folder(memory));
    Files.write(memory, new byte[] {1});
    Files.write(memory.resolveSibling("seen"), older);
    // A proof that is too large to be read takes nothing from what the others show.
    try (Stream<Path> all = Files.walk(pm.home().resolve("cache"))) {
      Path proof =
          all.filter(file -> file.endsWith("proof.json")).sorted().findFirst().orElseThrow();
      Files.createFile(folder.resolve("large"));
      try (var file = new RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
        file.setLength(PackageCache.MAX_PROOF + 1L);
      }
      Path entry = Files.createDirectory(pm.home().resolve("cache").resolve("0".repeat(64)));
      Files.writeString(
          entry.resolve("entry.json"),
          Files.readString(proof.resolveSibling("entry.json"))
              .replace(String.valueOf(folder(proof).getFileName()), "0".repeat(64)));
      Files.move(folder.resolve("large"), entry.resolve("proof.json"));
    }
    Pm.Outcome verified = pm.run("verify", "--offline");
    assertThat(verified.exit()).as(verified.err()).isZero();
    assertThat(Files.readAllBytes(memory)).isEqualTo(honest);
  }

  @Test
  void secondViewOfTheSameSizeIsAFork() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm();
    assertThat(pm.run("install").exit()).isZero();
    byte[] record = registry.leaf(1);
    registry.replaceLeaf(
        0,
        new String(registry.leaf(0), StandardCharsets.UTF_8)
            .replace("\"actor\":\"17\"", "\"actor\":\"18\"")
            .getBytes(StandardCharsets.UTF_8));
    assertThat(registry.leaf(1)).isEqualTo(record);
    assertThat(pm.run("cache", "prune").exit()).isNotEqualTo(70);
    deleteCache(pm);
    refused(pm.run("install"), "RAYA-SEC-006");
  }

  private static void deleteCache(Pm pm) {
    try {
      dev.raya.cache.disk.Directories.delete(pm.home().resolve("cache"));
      dev.raya.cache.disk.Directories.delete(pm.project().resolve(".raya"));
      dev.raya.cache.disk.Directories.delete(pm.home().resolve("closures"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void proofsThatProveSomethingElseAreRefused() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    Pm pm = pm();
    registry.forgeProofs(proof -> proof.replace("index 1\n", "index 0\n"));
    refused(pm.run("install"), "RAYA-SEC-005");
    registry.forgeProofs(proof -> proof.replaceAll("— local .*\n", ""));
    refused(pm.run("install"), "RAYA-SEC-010");
    registry.forgeProofs(proof -> proof.replaceFirst("(?m)^2$", "3"));
    refused(pm.run("install"), "RAYA-SEC-005");
    registry.forgeProofs(proof -> proof);
    assertThat(pm.run("install").exit()).isZero();
  }

  @Test
  void proofThatNoBatchBringsIsMadeFromTheFilesOfTheLog() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.forgeProofs(proof -> "");
    Pm pm = pm();
    assertThat(pm.run("install").exit()).isZero();
    assertThat(registry.requests()).contains("GET /log/checkpoint");
    registry.close();
    assertThat(pm.run("verify", "--offline").exit()).isZero();
  }

  @Test
  void permissiveAsksForNoProof() {
    registry.publish(TestPackage.of("fmt", "1.0.0"));
    registry.forgeProofs(proof -> "");
    assertThat(pm().with("RAYA_TRUST_LEVEL", "permissive").run("install").exit()).isZero();
  }
}
