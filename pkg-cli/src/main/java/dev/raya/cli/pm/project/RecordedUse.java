package dev.raya.cli.pm.project;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.store.RayaHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * When things of a home were used: the time of each closure record of the home, which an install
 * writes and one that takes it over renews, is the last use of all that it names. Nothing depends
 * on times that file systems keep of reading, which most of them do not.
 */
public final class RecordedUse {
  /** How often a use is written down: using hardly ever writes. */
  private static final Duration NOTED_EVERY = Duration.ofDays(1);

  private RecordedUse() {}

  /**
   * The last recorded use of entries and of compiled packages, by name.
   *
   * @throws IOException if the records cannot be read
   */
  public static Map<Digest, Instant> read(RayaHome home) throws IOException {
    Map<Digest, Instant> used = new TreeMap<>();
    for (Path file : records(home.root().resolve("closures"))) {
      Optional<ClosureRecord> record;
      Instant time;
      try {
        time = Files.getLastModifiedTime(file).toInstant();
        record = ClosureRecord.read(file);
      } catch (NoSuchFileException removed) {
        continue; // by an install that bounded their number
      }
      if (record.isPresent()) {
        List<Digest> names = new ArrayList<>(record.get().entries());
        names.addAll(record.get().unproved());
        names.addAll(record.get().builds());
        for (Digest name : names) {
          used.merge(name, time, (one, other) -> one.isAfter(other) ? one : other);
        }
      }
    }
    return used;
  }

  private static List<Path> records(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /**
   * Writes down that what a closure record names is used.
   *
   * @param record the record, as {@link ClosureRecord#shared} tells its place
   */
  public static void ofClosure(Path record, Instant now) {
    note(record, now);
  }

  /**
   * Writes down, at most once a day, that a compiled package is used.
   *
   * @param output its folder in {@code build/}
   * @throws IOException if it cannot be looked at
   */
  public static void ofBuild(Path output, Instant now) throws IOException {
    if (Files.getLastModifiedTime(output).toInstant().isBefore(now.minus(NOTED_EVERY))) {
      note(output, now);
    }
  }

  private static void note(Path path, Instant now) {
    try {
      Files.setLastModifiedTime(path, FileTime.from(now));
    } catch (IOException unwritable) {
      return; // a home that cannot be written is used as it is
    }
  }
}
