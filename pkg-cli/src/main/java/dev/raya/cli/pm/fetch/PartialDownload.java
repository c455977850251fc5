package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The file of a download on its way, {@code part-DIGEST-OWNER-ID} in the home's {@code tmp}. Its
 * owner holds a lock on it as long as it runs. What one leaves, since it was killed or the network
 * failed, the next download of the same digest takes over by a lock and a rename, so that of any
 * number of processes one goes on with it and the others begin their own. Nothing in it is believed
 * before it was hashed from the beginning.
 *
 * <p>On POSIX a process loses its locks on a file when it closes any descriptor of it. A process
 * therefore never opens files of its own; what it leaves on purpose it gives to nobody.
 *
 * <p>For one thread.
 */
final class PartialDownload implements AutoCloseable {
  private static final String PREFIX = "part-";
  private static final String WHOLE = "blob-";

  /** Owner of what a running process has left. */
  private static final String NOBODY = "0";

  /** Files that no process goes on with, kept at most; the oldest go first. */
  private static final int MOST_LEFT = 8;

  /** Guards taking over, which opens files that another thread may be about to lock. */
  private static final ReentrantLock WITHIN_PROCESS = new ReentrantLock();

  /** Containers that share a volume have the same process numbers; the start tells them apart. */
  private static final String OWNER =
      ProcessHandle.current().pid()
          + "."
          + ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH).toEpochMilli();

  private final String digest;
  private final RandomAccessFile file;

  /** Where it lies; null once it was handed out or left. */
  private @Nullable Path path;

  private PartialDownload(String digest, Path path, RandomAccessFile file) {
    this.digest = digest;
    this.path = path;
    this.file = file;
  }

  /**
   * What was left of a download, or a new file.
   *
   * @throws IOException if none can be made
   */
  static PartialDownload of(Path tmp, Digest digest) throws IOException {
    WITHIN_PROCESS.lock();
    try {
      List<Left> all = left(tmp);
      List<Path> ofDigest =
          all.stream()
              .filter(each -> parts(each.path())[1].equals(digest.hex()))
              .sorted(Comparator.comparingLong(Left::size).reversed())
              .map(Left::path)
              .toList();
      for (Path each : ofDigest) {
        PartialDownload taken = take(each);
        if (taken != null) {
          return taken;
        }
      }
      List<Path> left = all.stream().map(Left::path).toList();
      for (Path each : left.subList(0, Math.max(0, left.size() - MOST_LEFT))) {
        PartialDownload surplus = take(each);
        if (surplus != null) {
          surplus.close();
        }
      }
      return make(
          tmp,
          digest.hex(),
          own -> {
            Files.createFile(own);
            return new RandomAccessFile(own.toFile(), "rw");
          });
    } finally {
      WITHIN_PROCESS.unlock();
    }
  }

  /** The file's name as prefix, digest, owner and id. */
  private static String[] parts(Path file) {
    return String.valueOf(file.getFileName()).split("-", -1);
  }

  private record Left(Path path, FileTime time, long size) {}

  /** What is not this process's own, the oldest first. */
  private static List<Left> left(Path tmp) throws IOException {
    List<Left> all = new ArrayList<>();
    try (Stream<Path> children = Files.list(tmp)) {
      for (Path each : children.toList()) {
        String[] parts = parts(each);
        if (parts.length == 4
            && (parts[0] + '-').equals(PREFIX)
            && Digest.isHex(parts[1])
            && !parts[2].equals(OWNER)
            && Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS)) {
          all.add(
              new Left(
                  each,
                  Files.getLastModifiedTime(each, LinkOption.NOFOLLOW_LINKS),
                  Files.size(each)));
        }
      }
    } catch (NoSuchFileException takenMeanwhile) {
      return List.of();
    }
    all.sort(Comparator.comparing(Left::time).thenComparing(Left::path));
    return all;
  }

  private static Path own(Path folder, String digest) {
    return folder.resolve(PREFIX + digest + '-' + OWNER + '-' + System.nanoTime());
  }

  /** Takes over what another process has left; null if it still runs, or a third was faster. */
  private static @Nullable PartialDownload take(Path left) throws IOException {
    String digest = parts(left)[1];
    RandomAccessFile file;
    try {
      file = new RandomAccessFile(left.toFile(), "rw");
    } catch (IOException gone) {
      return null;
    }
    boolean taken = false;
    try {
      if (lock(file) == Locked.OURS) {
        Path own = own(folder(left), digest);
        Files.move(left, own, StandardCopyOption.ATOMIC_MOVE);
        taken = true;
        return new PartialDownload(digest, own, file);
      }
      return null;
    } catch (NoSuchFileException gone) {
      return null;
    } finally {
      if (!taken) {
        file.close();
      }
    }
  }

  /** Whose the lock on a file is after it was tried. */
  private enum Locked {
    OURS,
    ANOTHERS,
    /** The file system has none. */
    NOBODYS
  }

  private static Locked lock(RandomAccessFile file) {
    try {
      @Nullable FileLock lock = file.getChannel().tryLock();
      return lock == null ? Locked.ANOTHERS : Locked.OURS;
    } catch (OverlappingFileLockException held) {
      return Locked.ANOTHERS;
    } catch (IOException noLocks) {
      return Locked.NOBODYS;
    }
  }

  /** Makes a file that must not be there, and opens it. */
  interface Opening {
    RandomAccessFile open(Path own) throws IOException;
  }

  static PartialDownload make(Path tmp, String digest, Opening opening) throws IOException {
    while (true) {
      Path own = own(tmp, digest);
      RandomAccessFile file;
      try {
        file = opening.open(own);
      } catch (FileAlreadyExistsException another) {
        continue;
      }
      // Where a file system has no locks nobody can take it over, and it needs none.
      boolean taken =
          switch (lock(file)) {
            case OURS -> !Files.exists(own, LinkOption.NOFOLLOW_LINKS);
            case ANOTHERS -> true;
            case NOBODYS -> false;
          };
      if (!taken) {
        return new PartialDownload(digest, own, file);
      }
      file.close(); // taken for a dead process's before it was locked
    }
  }

  private static Path folder(Path file) {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IllegalStateException("no folder: " + file);
    }
    return folder;
  }

  /** The open file, which stays this object's. */
  RandomAccessFile file() {
    return file;
  }

  /**
   * Hands out the whole file, which is the caller's to delete and which nobody takes over.
   *
   * @throws IOException if it cannot be renamed
   */
  Path finished() throws IOException {
    Path whole = folder(path()).resolve(WHOLE + path().getFileName());
    Files.move(path(), whole, StandardCopyOption.ATOMIC_MOVE);
    path = null;
    return whole;
  }

  /**
   * Leaves what there is to whoever asks for it next.
   *
   * @throws IOException if it cannot be renamed
   */
  void leave() throws IOException {
    Path left = folder(path()).resolve(PREFIX + digest + '-' + NOBODY + '-' + System.nanoTime());
    Files.move(path(), left, StandardCopyOption.ATOMIC_MOVE);
    path = null;
  }

  private Path path() {
    Path there = path;
    if (there == null) {
      throw new IllegalStateException("handed out");
    }
    return there;
  }

  /**
   * Lets the file go; one that was neither finished nor left is removed.
   *
   * @throws IOException if it cannot be closed or removed
   */
  @Override
  public void close() throws IOException {
    try (file) {
      if (path != null) {
        Files.deleteIfExists(path);
      }
    }
  }
}
