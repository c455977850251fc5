package dev.raya.tuf.client;

import dev.raya.cache.disk.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metadata that was verified once, byte for byte as received, one file a role without its
 * version, and the roots also by their numbers. What is read from here is verified again each time.
 */
final class MetadataFolder {
  /** Where roots are kept by their numbers: whoever lists the folder finds each role once. */
  private static final String ROOTS = "roots";

  private static final Pattern ROOT = Pattern.compile("([1-9][0-9]{0,17})[.]json");

  /** As a root was kept by earlier releases, beside the roles. */
  private static final Pattern FORMER_ROOT = Pattern.compile("([1-9][0-9]{0,17})[.]root[.]json");

  private final Path folder;

  MetadataFolder(Path folder) {
    this.folder = folder;
  }

  /** The file of a role, or null if there is none or it is larger than any that was written. */
  byte @Nullable [] read(String role, int limit) throws IOException {
    return read(file(role), limit);
  }

  /** The file of a role whose name is quoted already. */
  byte @Nullable [] readQuoted(String quoted, int limit) throws IOException {
    return read(folder.resolve(quoted + ".json"), limit);
  }

  private static byte @Nullable [] read(Path file, int limit) throws IOException {
    if (!Files.exists(file)) {
      return null; // most files of a first refresh, without an exception
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(limit);
      return in.read() < 0 ? bytes : null;
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** A root by its number, or null as {@link #read(String, int)}. */
  byte @Nullable [] readRoot(long version, int limit) throws IOException {
    byte[] kept = read(root(version), limit);
    return kept == null ? read(folder.resolve(version + ".root.json"), limit) : kept;
  }

  void writeRoot(long version, byte[] document) throws IOException {
    Files.createDirectories(folder.resolve(ROOTS));
    AtomicFile.write(root(version), document);
  }

  private Path root(long version) {
    return folder.resolve(ROOTS).resolve(version + ".json");
  }

  /** The files of roots that are kept by their numbers. */
  SortedMap<Long, Path> roots() throws IOException {
    SortedMap<Long, Path> roots = new TreeMap<>();
    list(folder, FORMER_ROOT, roots);
    list(folder.resolve(ROOTS), ROOT, roots);
    return roots;
  }

  private static void list(Path from, Pattern names, SortedMap<Long, Path> roots)
      throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        Matcher name = names.matcher(String.valueOf(file.getFileName()));
        if (name.matches()) {
          roots.put(Long.valueOf(name.group(1)), file);
        }
      }
    }
  }

  void write(String role, byte[] document) throws IOException {
    Files.createDirectories(folder);
    AtomicFile.write(file(role), document);
  }

  /** Without waiting for the disk: what a power cut takes is asked for again. */
  void writeUnforced(String role, byte[] document) throws IOException {
    if (!Files.isDirectory(folder)) { // to make what is there costs an exception
      Files.createDirectories(folder);
    }
    Path arriving = folder.resolve(arriving());
    try {
      Files.write(arriving, document, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(
          arriving,
          file(role),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      Files.deleteIfExists(arriving);
      throw failed;
    }
  }

  /**
   * The name of a file on its way. Processes of different containers may have one number, hence the
   * time, and whoever makes the file refuses one that is there; the platform's source of random
   * numbers would cost more than the file.
   */
  static String arriving() {
    return ".arriving-"
        + ProcessHandle.current().pid()
        + '-'
        + Thread.currentThread().threadId()
        + '-'
        + System.nanoTime();
  }

  void delete(String role) throws IOException {
    Files.deleteIfExists(file(role));
  }

  /** Deletes all whose names begin like this but one. */
  void deleteOthers(String begin, String stays) throws IOException {
    String prefix = Quoting.fileName(begin);
    Path kept = file(stays);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        if (String.valueOf(each.getFileName()).startsWith(prefix) && !each.equals(kept)) {
          Files.deleteIfExists(each);
        }
      }
    }
  }

  /** Where the file of a role lies. */
  Path file(String role) {
    return folder.resolve(Quoting.fileName(role) + ".json");
  }
}
