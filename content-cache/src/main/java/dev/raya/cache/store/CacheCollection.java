package dev.raya.cache.store;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes entries that nobody needs (packages.md section 6): never one that a known project's
 * lockfile names, that a running process holds, or that was used within the last hour.
 *
 * <p>There is no lock that installs or programs would wait for. A collection first announces what
 * it is about to remove, then reads what is held, then what the projects name; a process first
 * holds, then looks at announcements ({@link EntryHold}). Whichever came first, one sees the other.
 * An entry leaves by one rename into {@code tmp/}, so nobody ever sees half of one.
 */
public final class CacheCollection {
  /** What was used more recently stays, whoever used it. */
  static final Duration GRACE = Duration.ofHours(1);

  /** A last use further ahead than this was written when a clock was wrong, and tells nothing. */
  private static final Duration AHEAD = Duration.ofDays(1);

  private final RayaHome home;
  private final PackageCache cache;
  private final InstantSource clock;

  /** Tells which entries the known projects need; asked again after the announcement. */
  @FunctionalInterface
  public interface Needed {
    /**
     * The digests that lockfiles name.
     *
     * @throws IOException if that cannot be found out; nothing is removed then
     */
    Set<Digest> read() throws IOException;

    /**
     * When entries were used, as far as that is written down elsewhere than in the entries
     * themselves; the later of the two times counts.
     *
     * @throws IOException if it cannot be found out; nothing is removed then
     */
    default Map<Digest, Instant> used() throws IOException {
      return Map.of();
    }
  }

  /** Collects in the cache of a home. */
  public CacheCollection(RayaHome home, InstantSource clock) {
    this.home = home;
    this.cache = new PackageCache(home);
    this.clock = clock;
  }

  /**
   * Removes the least recently used entries until the rest takes at most {@code maxBytes}, or
   * nothing more may be removed. With 0 everything that may be removed is.
   *
   * @param dryRun only tell what would be removed
   * @throws IOException if something cannot be read or removed; what was removed by then is gone
   */
  public Collected collect(long maxBytes, Needed needed, boolean dryRun) throws IOException {
    List<EntryUse> all = cache.uses();
    long total = all.stream().mapToLong(EntryUse::bytes).sum();
    List<EntryUse> chosen = choose(latest(all, needed.used()), total - maxBytes, needed.read());
    if (dryRun || chosen.isEmpty()) {
      return collected(chosen, total);
    }
    List<EntryUse> removed = new ArrayList<>();
    try (ClaimFile announcement = ClaimFile.make(home, ClaimFile.Kind.COLLECT)) {
      announcement.state(chosen.stream().map(EntryUse::checksum).toList());
      Set<Digest> held = ClaimFile.stated(home, ClaimFile.Kind.HOLD);
      Set<Digest> named = needed.read();
      Path work = Files.createTempDirectory(RayaHome.makePrivate(home.tmp()), "collect-");
      try {
        for (EntryUse entry : chosen) {
          if (!held.contains(entry.checksum())
              && !named.contains(entry.checksum())
              && remove(entry.checksum(), work)) {
            removed.add(entry);
          }
        }
      } finally {
        Directories.delete(work);
      }
    }
    return collected(removed, total);
  }

  private List<EntryUse> choose(List<EntryUse> all, long excess, Set<Digest> named)
      throws IOException {
    Set<Digest> held = ClaimFile.stated(home, ClaimFile.Kind.HOLD);
    Instant recent = clock.instant().minus(GRACE);
    List<EntryUse> chosen = new ArrayList<>();
    long rest = excess;
    Comparator<EntryUse> leastRecent =
        Comparator.comparing(EntryUse::lastUsed).thenComparing(EntryUse::checksum);
    for (EntryUse entry : all.stream().sorted(leastRecent).toList()) {
      if (rest <= 0) {
        break;
      }
      if (!named.contains(entry.checksum())
          && !held.contains(entry.checksum())
          && !entry.lastUsed().isAfter(recent)) {
        chosen.add(entry);
        rest -= entry.bytes();
      }
    }
    return chosen;
  }

  private List<EntryUse> latest(List<EntryUse> all, Map<Digest, Instant> used) {
    List<EntryUse> latest = new ArrayList<>();
    for (EntryUse entry : all) {
      Instant own = sane(entry.lastUsed());
      Instant other = sane(used.getOrDefault(entry.checksum(), Instant.EPOCH));
      latest.add(new EntryUse(entry.checksum(), entry.bytes(), own.isAfter(other) ? own : other));
    }
    return latest;
  }

  private Instant sane(Instant time) {
    return time.isAfter(clock.instant().plus(AHEAD)) ? Instant.EPOCH : time;
  }

  private static Collected collected(List<EntryUse> removed, long total) {
    long bytes = removed.stream().mapToLong(EntryUse::bytes).sum();
    return new Collected(removed, bytes, total - bytes);
  }

  private boolean remove(Digest checksum, Path work) throws IOException {
    try {
      Files.move(
          cache.folder(checksum), work.resolve(checksum.hex()), StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException gone) {
      return false; // verified and moved out, or collected, by another process meanwhile
    }
  }
}
