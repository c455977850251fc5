package dev.raya.cli.pm;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.cache.store.CacheCollection;
import dev.raya.cache.store.Collected;
import dev.raya.cache.store.RayaHome;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.console.Progress;
import dev.raya.cli.pm.project.KnownProjects;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.resolver.lock.BuildKey;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.lock.LockfileException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Keeps the home from growing without end: collection of the cache, leftovers, old outputs. */
public final class CacheUpkeep {
  /**
   * Compiled output that no known lockfile leads to and nobody used for so long is made anew when
   * it is wanted again.
   */
  private static final Duration OUTPUT_AGE = Duration.ofDays(30);

  private static final Duration LEFTOVER_AGE = Duration.ofHours(24);
  private static final Duration BETWEEN_COLLECTIONS = Duration.ofDays(1);
  private static final String MARK = "collected";

  private final Session session;
  private final RayaHome home;
  private final KnownProjects projects;

  /** Keeps the home of a session. */
  public CacheUpkeep(Session session) {
    this.session = session;
    this.home = session.home();
    this.projects = new KnownProjects(home);
  }

  /**
   * What {@link #leftovers} removed or would remove.
   *
   * @param leftovers things in {@code tmp/} that dead processes left
   * @param outputs folders in {@code build/} that nobody used for a month and no known lockfile
   *     wants
   * @param bytes sum of their sizes
   */
  public record Leftovers(int leftovers, int outputs, long bytes) {}

  /**
   * Collects entries until the cache takes at most {@code maxBytes}.
   *
   * @throws IOException if something cannot be read or removed
   */
  public Collected collect(long maxBytes, boolean dryRun) throws IOException {
    if (!dryRun) {
      projects.forgetGone();
    }
    return new CacheCollection(home, session.settings().environment().clock())
        .collect(maxBytes, projects, dryRun);
  }

  /**
   * Removes what dead processes left in {@code tmp/} and old compiled output.
   *
   * @throws IOException if something cannot be read or removed
   */
  public Leftovers leftovers(boolean dryRun) throws IOException {
    Instant now = session.now();
    List<Path> temporary = old(home.tmp(), now.minus(LEFTOVER_AGE));
    List<Path> outputs = unused(old(home.build(), now.minus(OUTPUT_AGE)), now.minus(OUTPUT_AGE));
    long bytes = 0;
    for (List<Path> each : List.of(temporary, outputs)) {
      for (Path path : each) {
        bytes += size(path);
        if (!dryRun) {
          Directories.delete(path);
        }
      }
    }
    return new Leftovers(temporary.size(), outputs.size(), bytes);
  }

  private static List<Path> old(Path folder, Instant before) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    List<Path> old = new ArrayList<>();
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.sorted().toList()) {
        if (Files.getLastModifiedTime(child, LinkOption.NOFOLLOW_LINKS)
            .toInstant()
            .isBefore(before)) {
          old.add(child);
        }
      }
    }
    return old;
  }

  /** Leaves out what a known lockfile leads to and what a record says was used since. */
  private List<Path> unused(List<Path> outputs, Instant before) throws IOException {
    if (outputs.isEmpty()) {
      return outputs;
    }
    Set<String> wanted = new HashSet<>();
    for (Path project : projects.folders()) {
      wanted.addAll(builds(project.resolve(ProjectFolder.LOCKFILE)));
    }
    for (Map.Entry<Digest, Instant> use : projects.used().entrySet()) {
      if (!use.getValue().isBefore(before)) {
        wanted.add(use.getKey().hex());
      }
    }
    return outputs.stream().filter(output -> !wanted.contains(name(output))).toList();
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** The compiled packages that a lockfile leads to; one that cannot be read leads to none. */
  private static Set<String> builds(Path lockfile) throws IOException {
    Set<String> builds = new HashSet<>();
    try {
      Lockfile locked = LockfileCodec.read(lockfile.toString(), Files.readAllBytes(lockfile));
      BuildKey keys = new BuildKey(locked);
      for (LockedPackage pkg : locked.packages()) {
        String sources = keys.sources(pkg);
        if (sources != null) {
          builds.add(BuildKey.folder(sources, ProgramVersion.CURRENT));
        }
      }
    } catch (LockfileException | NoSuchFileException unreadable) {
      return Set.of(); // in the middle of a merge, or gone meanwhile: its last use counts
    }
    return builds;
  }

  private static long size(Path tree) throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.size();
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }

  /**
   * After a command that added entries: collects above the size that the settings allow, at most
   * once a day. That it cannot is no reason for the command to fail.
   */
  public void afterInstall() {
    Path mark = home.locks().resolve(MARK);
    Instant now = session.now();
    try {
      if (Files.exists(mark)
          && Files.getLastModifiedTime(mark).toInstant().isAfter(now.minus(BETWEEN_COLLECTIONS))) {
        return;
      }
      Files.write(mark, new byte[0]);
      Files.setLastModifiedTime(mark, FileTime.from(now));
      Collected collected = collect(session.settings().cacheMaxSize(), false);
      if (!collected.removed().isEmpty()) {
        session
            .console()
            .status(
                "the cache gave up "
                    + Counted.entries(collected.removed().size())
                    + ", "
                    + Progress.bytes(collected.bytes())
                    + ", that nobody used lately");
      }
    } catch (IOException notNow) {
      session.console().detail("the cache could not be collected: " + notNow.getMessage());
    }
  }
}
