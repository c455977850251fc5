package dev.raya.cli.pm.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cli.pm.testing.FaultyFront;
import dev.raya.cli.pm.testing.FaultyFront.Fault;
import dev.raya.cli.pm.testing.Pm;
import dev.raya.cli.pm.testing.TestPackage;
import dev.raya.cli.pm.testing.TestRegistry;
import dev.raya.cli.pm.testing.TestToolchain;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A download that a killed process or a broken network left is gone on with by the next command,
 * and whatever is wrong with what was left, the command ends as one that found nothing.
 */
final class ResumedDownloadTest {
  private static final int SIZE = 3_000_000;
  private static final int PART = 1_000_000;

  @TempDir Path folder = Path.of("");

  private final TestRegistry registry = TestRegistry.start(1);
  private final TestPackage.Archive archive =
      registry.publish(TestPackage.of("big", "1.0.0").padded(SIZE));
  private final String hex = archive.facts().checksum().hex();
  private final String blob = TestRegistry.blobPath(archive.facts().checksum());
  private final FaultyFront front = new FaultyFront(registry);

  @AfterEach
  void stop() {
    front.close();
    registry.close();
  }

  private Pm pm() {
    return Pm.in(folder).with("RAYA_REGISTRY", front.url()).project("big = \"^1.0\"");
  }

  /** What is asked of the archive's address: its ranges, or nothing where all of it is. */
  private List<String> asked() {
    return front.requests().stream()
        .filter(request -> request.contains(hex))
        .map(request -> request.substring(request.indexOf(hex) + hex.length()).strip())
        .toList();
  }

  private static List<Path> tmp(Pm pm) throws IOException {
    try (Stream<Path> children = Files.list(pm.home().resolve("tmp"))) {
      return children.toList();
    }
  }

  /** A process that is no more has left this much of the archive. */
  private Path left(Pm pm, byte[] bytes) throws IOException {
    Path tmp = Files.createDirectories(pm.home().resolve("tmp"));
    return Files.write(tmp.resolve("part-" + hex + "-1.1-1"), bytes);
  }

  private byte[] beginning() {
    return Arrays.copyOf(archive.bytes(), PART);
  }

  private void assertInstalled(Pm pm) throws IOException {
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("1 package, 1 fetched");
    assertThat(tmp(pm)).isEmpty();
    assertThat(pm.run("cache", "verify").exit()).isZero();
  }

  @Test
  void whatAKilledProcessLeftIsGoneOnWith() throws Exception {
    Path toolchain = TestToolchain.in(folder.resolve("toolchain"));
    CountDownLatch sent = new CountDownLatch(1);
    front.at(blob, new Fault.Stall(PART, sent, new AtomicInteger(1)));
    Pm pm = pm();
    Process process = start(pm, toolchain);
    assertThat(sent.await(60, TimeUnit.SECONDS)).isTrue();
    Path part = awaitPart(pm);
    process.destroyForcibly().waitFor();
    long kept = Files.size(part);
    assertThat(kept).isPositive();
    assertInstalled(pm);
    assertThat(asked()).containsExactly("", "bytes=" + kept + "- if \"" + hex + '"');
  }

  /** What was sent is on its way through the client for a moment. */
  private static Path awaitPart(Pm pm) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (System.nanoTime() < end) {
      for (Path each : tmp(pm)) {
        if (Files.size(each) > 0) {
          return each;
        }
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("nothing was written");
  }

  private static Process start(Pm pm, Path toolchain) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(toolchain.resolve("bin/raya-pm").toString(), "install")
            .directory(pm.project().toFile())
            .redirectErrorStream(true)
            .redirectOutput(pm.project().resolve("log").toFile());
    builder.environment().putAll(pm.variables());
    return builder.start();
  }

  @Test
  void whatABrokenNetworkLeftIsGoneOnWith() throws Exception {
    AtomicInteger cuts = new AtomicInteger(Integer.MAX_VALUE);
    front.at(blob, new Fault.Cut(PART, cuts));
    Pm pm = pm();
    pm.write("../home/config.toml", "[network]\nretries = 0\n");
    assertThat(pm.run("install").exit()).isEqualTo(4);
    assertThat(tmp(pm)).hasSize(1);
    cuts.set(0);
    assertInstalled(pm);
    assertThat(asked()).hasSizeGreaterThan(1).first().isEqualTo("");
    assertThat(asked().subList(1, asked().size()))
        .allMatch(each -> each.matches("bytes=[1-9][0-9]*- if .*"));
  }

  @Test
  void whatIsLeftWholeIsNotAskedFor() throws IOException {
    Pm pm = pm();
    left(pm, archive.bytes());
    assertInstalled(pm);
    assertThat(asked()).isEmpty();
  }

  @Test
  void ofSeveralThatAreLeftTheLongestIsGoneOnWith() throws IOException {
    Pm pm = pm();
    Path shorter = left(pm, Arrays.copyOf(archive.bytes(), 10));
    Files.setLastModifiedTime(shorter, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    Files.write(shorter.resolveSibling("part-" + hex + "-2.2-2"), beginning());
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(asked()).containsExactly("bytes=" + PART + "- if \"" + hex + '"');
  }

  @Test
  void aServerThatKnowsNoRangesGivesAllOfIt() throws IOException {
    front.at(blob, new Fault.NoRanges(200));
    Pm pm = pm();
    left(pm, beginning());
    assertInstalled(pm);
    assertThat(asked()).hasSize(1);
  }

  @Test
  void aServerThatRefusesARangeOrGivesAnotherIsAskedForAllOfIt() throws IOException {
    for (int status : List.of(416, 206)) {
      front.at(blob, new Fault.NoRanges(status));
      Pm pm =
          Pm.in(folder.resolve("status" + status))
              .with("RAYA_REGISTRY", front.url())
              .project("big = \"^1.0\"");
      pm.write("../home/config.toml", "[network]\nretries = 0\n");
      left(pm, beginning());
      assertInstalled(pm);
      assertThat(asked()).last().isEqualTo("");
    }
  }

  @Test
  void whatIsLeftDamagedOrTooLongIsFetchedAnew() throws IOException {
    byte[] damaged = beginning();
    damaged[PART / 2] ^= 1;
    for (byte[] each :
        List.of(
            damaged,
            new byte[archive.bytes().length],
            Arrays.copyOf(archive.bytes(), archive.bytes().length + 1),
            new byte[0])) {
      Pm pm =
          Pm.in(folder.resolve("of" + each.length))
              .with("RAYA_REGISTRY", front.url())
              .project("big = \"^1.0\"");
      left(pm, each);
      assertInstalled(pm);
      assertThat(asked()).last().isEqualTo("");
    }
  }

  @Test
  void otherBytesAreRefusedAndNothingOfThemIsKept() throws IOException {
    UnaryOperator<byte[]> change =
        bytes -> {
          byte[] changed = bytes.clone();
          changed[2 * PART] ^= 1;
          return changed;
        };
    registry.tamper(blob, change);
    Pm pm = pm();
    left(pm, beginning());
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).isEqualTo(3);
    assertThat(outcome.err()).contains("error[RAYA-PKG-009]", "gave other bytes");
    assertThat(asked())
        .as("the rest, and all of it before it is blamed")
        .startsWith("bytes=" + PART + "- if \"" + hex + '"', "");
    assertThat(tmp(pm)).isEmpty();
    assertThat(Files.exists(pm.project().resolve("raya.lock"))).isFalse();
    registry.mend();
    assertInstalled(pm);
  }

  @Test
  void whatARunningProcessHoldsIsLeftAlone() throws IOException {
    Pm pm = pm();
    Path part = left(pm, beginning());
    try (FileChannel running = FileChannel.open(part, StandardOpenOption.WRITE);
        FileLock lock = running.lock()) {
      assertThat(lock.isValid()).isTrue();
      Pm.Outcome outcome = pm.run("install");
      assertThat(outcome.exit()).as(outcome.err()).isZero();
      assertThat(asked()).containsExactly("");
      assertThat(tmp(pm)).containsExactly(part);
      assertThat(part).hasBinaryContent(beginning());
    }
  }

  /** Two processes find the same rest; one goes on with it, and both end well. */
  @Test
  void processesAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    Path toolchain = TestToolchain.in(folder.resolve("toolchain"));
    Pm one = pm();
    Pm other =
        Pm.in(folder.resolve("other"))
            .with("RAYA_REGISTRY", front.url())
            .with("RAYA_HOME", one.home().toString())
            .project("big = \"^1.0\"");
    left(one, beginning());
    Process first = start(one, toolchain);
    Process second = start(other, toolchain);
    for (Process each : List.of(first, second)) {
      assertThat(each.waitFor(120, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(first.exitValue()).as(one.read("log")).isZero();
    assertThat(second.exitValue()).as(other.read("log")).isZero();
    assertThat(tmp(one)).isEmpty();
    assertThat(asked().stream().filter(range -> !range.isEmpty())).hasSizeLessThan(2);
    assertThat(one.run("cache", "verify").exit()).isZero();
  }

  @Test
  void whatNobodyGoesOnWithIsCollectedAndIsNeverMuch() throws IOException {
    Pm pm = pm();
    Path tmp = Files.createDirectories(pm.home().resolve("tmp"));
    Instant now = Instant.now();
    for (int i = 0; i < 12; i++) {
      String digest = "%064x".formatted(i);
      Path part = Files.write(tmp.resolve("part-" + digest + "-1.1-1"), new byte[10]);
      Files.setLastModifiedTime(part, FileTime.from(now.minus(Duration.ofHours(20 - i))));
    }
    Pm.Outcome outcome = pm.run("install");
    assertThat(outcome.exit()).as(outcome.err()).isZero();
    assertThat(tmp(pm)).as("the newest").hasSize(8).allMatch(each -> !oldest(each));
    for (Path each : tmp(pm)) {
      Files.setLastModifiedTime(each, FileTime.from(now.minus(Duration.ofHours(25))));
    }
    assertThat(pm.run("cache", "gc").exit()).isZero();
    assertThat(tmp(pm)).isEmpty();
  }

  private static boolean oldest(Path part) {
    return String.valueOf(part.getFileName()).compareTo("part-" + "%064x".formatted(4)) < 0;
  }
}
