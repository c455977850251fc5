package dev.raya.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collection removes, and what it never does. */
final class CacheCollectionTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final CacheCollection.Needed NOTHING = Set::of;

  @TempDir Path folder;
  private RayaHome home;
  private PackageCache cache;
  private CacheCollection collection;

  @BeforeEach
  void open() throws IOException {
    home = new RayaHome(folder.resolve("home")).prepare();
    cache = new PackageCache(home);
    collection = new CacheCollection(home, () -> NOW);
  }

  private static Digest digest(int seed) {
    return Sample.of(seed).expected().facts().checksum();
  }

  /** Puts a sample that was last used so many days ago. */
  private CacheEntry put(int seed, int days) throws IOException {
    CacheEntry entry = Sample.of(seed).putInto(cache);
    Files.setLastModifiedTime(
        entry.file(CacheEntry.FILE), FileTime.from(NOW.minus(Duration.ofDays(days))));
    return entry;
  }

  private static List<Digest> checksums(Collected collected) {
    return collected.removed().stream().map(EntryUse::checksum).toList();
  }

  private Process start(Class<?> main, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-DZstdTempFolder=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                home.root().toString()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  @Test
  void leastRecentlyUsedGoFirstAndNoMoreThanNeeded() throws IOException {
    put(1, 3);
    put(2, 9);
    put(3, 5);
    long each = cache.stats().bytes() / 3;
    assertThat(checksums(collection.collect(4 * each, NOTHING, false))).isEmpty();
    assertThat(checksums(collection.collect(3 * each - 1, NOTHING, true)))
        .containsExactly(digest(2));
    assertThat(cache.list()).hasSize(3);
    Collected collected = collection.collect(2 * each, NOTHING, false);
    assertThat(checksums(collected)).containsExactly(digest(2));
    assertThat(collected.remaining()).isEqualTo(cache.stats().bytes());
    assertThat(checksums(collection.collect(0, NOTHING, false)))
        .containsExactly(digest(3), digest(1));
    assertThat(cache.list()).isEmpty();
    assertThat(home.tmp()).isEmptyDirectory();
    assertThat(home.locks()).isEmptyDirectory();
  }

  @Test
  void whatIsNamedHeldOrRecentStays() throws IOException {
    put(1, 9);
    put(2, 9);
    put(3, 9);
    Sample.of(4).putInto(new PackageCache(home));
    Files.setLastModifiedTime(
        cache.folder(digest(4)).resolve(CacheEntry.FILE),
        FileTime.from(NOW.minus(Duration.ofMinutes(59))));
    try (EntryHold hold = new EntryHold(home)) {
      hold.add(List.of(digest(2)));
      assertThat(checksums(collection.collect(0, () -> Set.of(digest(1)), false)))
          .containsExactly(digest(3));
    }
    assertThat(home.locks()).isEmptyDirectory();
    assertThat(checksums(collection.collect(0, NOTHING, false)))
        .containsExactlyInAnyOrder(digest(1), digest(2));
    assertThat(cache.list()).containsExactly(digest(4));
  }

  @Test
  void whatIsNamedBetweenChoiceAndRemovalStays() throws IOException {
    put(1, 9);
    put(2, 9);
    boolean[] asked = {false};
    CacheCollection.Needed late =
        () -> {
          boolean again = asked[0];
          asked[0] = true;
          return again ? Set.of(digest(1)) : Set.of();
        };
    assertThat(checksums(collection.collect(0, late, false))).containsExactly(digest(2));
  }

  @Test
  void nothingGoesWhenTheLockfilesCannotBeRead() throws IOException {
    put(1, 9);
    assertThatThrownBy(
            () ->
                collection.collect(
                    0,
                    () -> {
                      throw new IOException("unreadable");
                    },
                    false))
        .hasMessage("unreadable");
    assertThat(cache.list()).hasSize(1);
  }

  @Test
  void usingAnEntryMakesItYoungOnceADay() throws IOException {
    CacheEntry entry = put(1, 2);
    cache.touch(entry, () -> NOW);
    assertThat(cache.uses().getFirst().lastUsed()).isEqualTo(NOW);
    cache.touch(entry, () -> NOW.plus(Duration.ofHours(23)));
    assertThat(cache.uses().getFirst().lastUsed()).isEqualTo(NOW);
    cache.verify(entry);
  }

  @Test
  void lastUseInTheFarFutureKeepsNothing() throws IOException {
    put(1, -400);
    put(2, 3);
    assertThat(checksums(collection.collect(0, NOTHING, false)))
        .containsExactly(digest(1), digest(2));
  }

  @Test
  void folderWithoutRecordIsCollectedToo() throws IOException {
    Path stray = Files.createDirectory(cache.folder(digest(1)));
    Files.writeString(stray.resolve("x"), "x");
    Files.setLastModifiedTime(stray, FileTime.from(NOW.minus(Duration.ofDays(2))));
    assertThat(checksums(collection.collect(0, NOTHING, false))).containsExactly(digest(1));
  }

  @Test
  void processHoldsItsEntriesUntilItEndsHoweverItEnds() throws Exception {
    put(1, 9);
    put(2, 9);
    Process process = start(HoldUntilKilled.class, "1");
    try {
      assertThat(process.inputReader().readLine()).isEqualTo("holding");
      assertThat(checksums(collection.collect(0, NOTHING, false))).containsExactly(digest(2));
    } finally {
      process.destroyForcibly().waitFor();
    }
    try (Stream<Path> left = Files.list(home.locks())) {
      assertThat(left).as("what the kill left").hasSize(2);
    }
    assertThat(checksums(collection.collect(0, NOTHING, false))).containsExactly(digest(1));
    assertThat(home.locks()).isEmptyDirectory();
  }

  @Test
  void holdersNeverLoseWhatTheyFoundWhileCollectionsRun() throws Exception {
    List<Process> users = new ArrayList<>();
    List<Process> collectors = new ArrayList<>();
    try {
      for (int i = 0; i < 2; i++) {
        collectors.add(start(UseWhileCollected.class, "collect", String.valueOf(i)));
      }
      for (int i = 0; i < 3; i++) {
        users.add(start(UseWhileCollected.class, "use", String.valueOf(i)));
      }
      for (Process user : users) {
        assertThat(user.waitFor()).as("0 = nothing that was held vanished").isZero();
      }
      for (Process collector : collectors) {
        collector.getOutputStream().close();
        assertThat(collector.waitFor()).as("0 = it removed entries").isZero();
      }
    } finally {
      users.forEach(Process::destroyForcibly);
      collectors.forEach(Process::destroyForcibly);
    }
    assertThat(cache.verifyAll()).isEmpty();
    assertThat(home.tmp()).isEmptyDirectory();
    assertThat(home.locks()).isEmptyDirectory();
  }
}
