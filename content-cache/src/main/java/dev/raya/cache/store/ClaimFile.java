package dev.raya.cache.store;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A list of entries that one process states for all others to read, under {@code locks/}: two files
 * {@code KIND-PID-ID.lock} and {@code .list}. The first is locked as long as the statement stands,
 * so that a process that was killed takes it back; the second, replaced by one rename, holds the
 * digests and is never locked, so that nobody who reads it waits.
 *
 * <p>On POSIX a process loses its locks on a file when it closes any descriptor of it. A process
 * therefore never opens lock files of its own number; they count as standing.
 */
final class ClaimFile implements AutoCloseable {
  /** What a statement is about. */
  enum Kind {
    /** Entries that a running process uses. */
    HOLD,
    /** Entries that a collection is about to remove. */
    COLLECT;

    private String prefix() {
      return this == HOLD ? "hold-" : "collect-";
    }
  }

  private static final String LOCK = ".lock";
  private static final String LIST = ".list";

  /** Most bytes of a list: a million digests. */
  private static final int MAX_LIST = 65 << 20;

  private final Path lockFile;
  private final Path listFile;
  private final FileChannel channel;

  private ClaimFile(Path lockFile, FileChannel channel) {
    this.lockFile = lockFile;
    this.listFile = listOf(lockFile);
    this.channel = channel;
  }

  private static Path listOf(Path lockFile) {
    String name = String.valueOf(lockFile.getFileName());
    return lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length()) + LIST);
  }

  /** Makes a statement that names nothing yet. */
  static ClaimFile make(RayaHome home, Kind kind) throws IOException {
    Path locks = RayaHome.makePrivate(home.locks());
    while (true) {
      // Containers that share a volume have the same process numbers. The clock tells them apart,
      // and where it does not, the file that is there; secure random numbers cost a start 10 ms.
      Path file =
          locks.resolve(
              kind.prefix() + ProcessHandle.current().pid() + "-" + System.nanoTime() + LOCK);
      FileChannel channel;
      try {
        channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (FileAlreadyExistsException another) {
        continue;
      }
      FileLock lock = channel.lock();
      assert lock.isValid();
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return new ClaimFile(file, channel);
      }
      channel.close(); // a collection took it for a dead process's before it was locked
    }
  }

  /** States these entries in the place of the former ones. */
  void state(Collection<Digest> entries) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Digest entry : new TreeSet<>(entries)) {
      text.append(entry.hex()).append('\n');
    }
    // Not forced to disk: no statement outlives its process, and so none a power cut.
    Path next = listFile.resolveSibling(listFile.getFileName() + ".new");
    Files.write(next, text.toString().getBytes(StandardCharsets.US_ASCII));
    Files.move(next, listFile, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Takes the statement back. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(listFile);
    Files.deleteIfExists(lockFile);
    channel.close();
  }

  /**
   * What all standing statements of a kind name, this process's own included; those of dead
   * processes are removed.
   */
  static Set<Digest> stated(RayaHome home, Kind kind) throws IOException {
    Set<Digest> all = new TreeSet<>();
    for (Path file : files(home, kind)) {
      if (stands(file)) {
        all.addAll(read(listOf(file)));
      }
    }
    return all;
  }

  /** Waits until no collection of another process is about to remove any of these entries. */
  static void awaitCollections(RayaHome home, Set<Digest> entries) throws IOException {
    for (Path file : files(home, Kind.COLLECT)) {
      if (!isOwn(file) && read(listOf(file)).stream().anyMatch(entries::contains)) {
        awaitEnd(file);
      }
    }
  }

  private static void awaitEnd(Path file) throws IOException {
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = other.lock()) {
      assert lock.isValid();
    } catch (NoSuchFileException ended) {
      return;
    }
  }

  private static List<Path> files(RayaHome home, Kind kind) throws IOException {
    if (!Files.isDirectory(home.locks(), LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(home.locks())) {
      return children
          .filter(
              file -> {
                String name = String.valueOf(file.getFileName());
                return name.startsWith(kind.prefix()) && name.endsWith(LOCK);
              })
          .sorted()
          .toList();
    }
  }

  private static boolean isOwn(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(name.indexOf('-') + 1).startsWith(ProcessHandle.current().pid() + "-");
  }

  /** Whether the process that made it still runs; what a dead one left is removed. */
  private static boolean stands(Path file) throws IOException {
    if (isOwn(file)) {
      return true;
    }
    try (FileChannel other = FileChannel.open(file, StandardOpenOption.WRITE)) {
      @Nullable FileLock lock = other.tryLock();
      if (lock == null) {
        return true;
      }
      Files.deleteIfExists(listOf(file));
      Files.deleteIfExists(file);
      return false;
    } catch (OverlappingFileLockException another) {
      return true;
    } catch (NoSuchFileException ended) {
      return false;
    }
  }

  private static Set<Digest> read(Path list) throws IOException {
    Set<Digest> entries = new TreeSet<>();
    try {
      for (String line :
          new String(BoundedFiles.read(list, MAX_LIST), StandardCharsets.US_ASCII)
              .split("\n", -1)) {
        if (Digest.isHex(line)) {
          entries.add(new Digest(line));
        }
      }
    } catch (NoSuchFileException nothingStated) {
      return Set.of();
    }
    return entries;
  }
}
