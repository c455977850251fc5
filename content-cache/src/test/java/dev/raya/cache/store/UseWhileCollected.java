package dev.raya.cache.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A process of its own, {@code HOME use|collect SEED}. One that uses holds some of eight old
 * samples, puts those that are missing, and looks at all of them again and again while it holds
 * them; it ends with 1 if one vanished. One that collects does so until its input ends.
 */
final class UseWhileCollected {
  private static final int SAMPLES = 8;
  private static final int ROUNDS = 25;
  private static final int LOOKS = 20;

  private UseWhileCollected() {}

  public static void main(String[] args) throws IOException {
    RayaHome home = new RayaHome(Path.of(args[0]));
    boolean good =
        args[1].equals("use")
            ? use(home, new Random(Integer.parseInt(args[2])))
            : collect(home) > 0;
    System.exit(good ? 0 : 1);
  }

  private static boolean use(RayaHome home, Random random) throws IOException {
    PackageCache cache = new PackageCache(home);
    for (int round = 0; round < ROUNDS; round++) {
      List<Sample> wanted = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        wanted.add(Sample.of(random.nextInt(SAMPLES)));
      }
      try (EntryHold hold = new EntryHold(home)) {
        hold.add(wanted.stream().map(sample -> sample.expected().facts().checksum()).toList());
        for (Sample each : wanted) {
          CacheEntry entry = each.putInto(cache);
          Files.setLastModifiedTime(
              entry.file(CacheEntry.FILE), FileTime.from(Instant.EPOCH.plus(Duration.ofDays(1))));
        }
        for (int look = 0; look < LOOKS; look++) {
          for (Sample each : wanted) {
            if (cache.get(each.expected().facts().checksum()).isEmpty()) {
              return false;
            }
          }
        }
      }
    }
    return true;
  }

  private static int collect(RayaHome home) throws IOException {
    CacheCollection collection =
        new CacheCollection(home, () -> Instant.EPOCH.plus(Duration.ofDays(9)));
    AtomicBoolean ended = new AtomicBoolean();
    Thread.ofPlatform().daemon().start(() -> ended.set(readToEnd()));
    int removed = 0;
    while (!ended.get()) {
      removed += collection.collect(0, Set::of, false).removed().size();
    }
    return removed;
  }

  private static boolean readToEnd() {
    try {
      System.in.readAllBytes();
    } catch (IOException closed) {
      return true;
    }
    return true;
  }
}
