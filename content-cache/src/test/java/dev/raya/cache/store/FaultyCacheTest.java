package dev.raya.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cache.disk.FaultyDisk;
import dev.raya.cache.disk.FaultyDisk.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cache on a disk where each operation in turn is the one that fails: not some instants, but
 * every one. What {@link PackageCacheProcessTest} does with real processes is done here without
 * gaps.
 */
final class FaultyCacheTest {
  private static final Sample SAMPLE = Sample.of(7);
  private static final Digest CHECKSUM = SAMPLE.expected().facts().checksum();
  private static final int MOST_OPERATIONS = 500;

  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void nameRoot() {
    root = folder.resolve("home");
  }

  /** Something that is done with a cache. */
  private interface Action {
    void with(RayaHome home, PackageCache cache) throws IOException;
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Every entry that is there is whole, and so is its proof. */
  private void assertWhole(int operations) throws IOException {
    RayaHome home = new RayaHome(root);
    PackageCache cache = new PackageCache(home);
    for (Path child : children(home.cache())) {
      CacheEntry entry = cache.get(new Digest(String.valueOf(child.getFileName()))).orElseThrow();
      cache.verify(entry);
      assertThat(cache.proof(entry).map(proof -> proof.length).orElse(5000))
          .as("operation " + operations)
          .isEqualTo(5000);
    }
  }

  private void put(RayaHome home, PackageCache cache) throws IOException {
    home.prepare();
    CacheEntry entry = SAMPLE.putInto(cache);
    cache.putProof(entry, new byte[5000]);
  }

  /** Lets each operation be the last; how many there are. */
  private int killAtEach(Action before, Action action) throws IOException {
    for (int operations = 0; operations < MOST_OPERATIONS; operations++) {
      Directories.delete(root);
      RayaHome real = new RayaHome(root);
      before.with(real, new PackageCache(real));
      Path faulty = FaultyDisk.below(root, Fault.KILL, operations);
      RayaHome home = new RayaHome(faulty);
      try {
        action.with(home, new PackageCache(home));
      } catch (FaultyDisk.Killed end) {
        assertWhole(operations);
        put(real, new PackageCache(real));
        assertWhole(operations);
        continue;
      }
      assertThat(FaultyDisk.struck(faulty)).isFalse();
      return operations;
    }
    throw new AssertionError("the action has more than " + MOST_OPERATIONS + " operations");
  }

  private static CacheEntry of(CacheEntry entry, Digest tree) {
    return new CacheEntry(entry.folder(), entry.checksum(), entry.size(), tree, entry.source());
  }

  @Test
  void killAtEveryOperationOfAPutLeavesAWholeEntryOrNothing() throws IOException {
    int operations = killAtEach((home, cache) -> {}, this::put);
    assertThat(operations).as("points at which a kill was tried").isBetween(40, 200);
  }

  @Test
  void killAtEveryOperationOfAMoveOutLeavesAWholeEntryOrNothing() throws IOException {
    int operations =
        killAtEach(
            this::put,
            (home, cache) -> {
              CacheEntry entry = cache.get(CHECKSUM).orElseThrow();
              try {
                cache.verify(of(entry, Digest.of(new byte[0])));
              } catch (CacheException.Damaged movedOut) {
                assertThat(cache.get(CHECKSUM)).isEmpty();
              }
            });
    assertThat(operations).isPositive();
  }

  @Test
  void killAtEveryOperationOfACollectionLeavesAWholeEntryOrNothing() throws IOException {
    Instant later = Instant.now().plus(Duration.ofDays(9));
    int operations =
        killAtEach(
            (home, cache) -> {
              put(home, cache);
              Sample.of(8).putInto(cache);
              Files.setLastModifiedTime(
                  cache.folder(CHECKSUM).resolve(CacheEntry.FILE), FileTime.from(Instant.EPOCH));
            },
            (home, cache) -> new CacheCollection(home, () -> later).collect(0, Set::of, false));
    assertThat(operations).isBetween(15, 100);
  }

  @Test
  void fullDiskAtEveryWriteLeavesNothingAndSaysSo() throws IOException {
    int failures = 0;
    for (int operations = 0; operations < MOST_OPERATIONS; operations++) {
      Directories.delete(root);
      RayaHome real = new RayaHome(root).prepare();
      Path faulty = FaultyDisk.below(root, Fault.FULL, operations);
      PackageCache cache = new PackageCache(new RayaHome(faulty));
      try {
        CacheEntry entry = SAMPLE.putInto(cache);
        cache.putProof(entry, new byte[5000]);
      } catch (IOException full) {
        failures++;
        assertThat(full).hasMessageContaining("No space left");
        assertThat(children(real.tmp())).as("operation " + operations).isEmpty();
        assertWhole(operations);
        continue;
      }
      assertThat(failures).isBetween(10, 100);
      return;
    }
    throw new AssertionError("never enough room");
  }
}
