package dev.raya.cache.archive;

import dev.raya.cache.disk.Directories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks into a folder that nobody else writes to: files are made new, 0444 when {@code readOnly}
 * and else 0644, directories 0755, and each file is forced to disk when {@code forced}.
 */
public final class ArchiveFolder implements ArchiveVisitor {
  private static final Set<PosixFilePermission> READ_ONLY =
      Set.copyOf(PosixFilePermissions.fromString("r--r--r--"));
  private static final Set<PosixFilePermission> WRITABLE =
      Set.copyOf(PosixFilePermissions.fromString("rw-r--r--"));
  private static final Set<PosixFilePermission> DIRECTORY =
      Set.copyOf(PosixFilePermissions.fromString("rwxr-xr-x"));

  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
  private static final Set<StandardOpenOption> NEW =
      EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  /** What is read and written at once; most files are smaller. */
  private static final int CHUNK = 64 << 10;

  private final Path folder;
  private final boolean readOnly;
  private final boolean forced;
  private final Set<Path> directories = new LinkedHashSet<>();
  private final boolean posix;
  private byte[] buffer = {};

  /** By mode, whether what is made with it has it. */
  private final Map<Set<PosixFilePermission>, Boolean> asMade = new HashMap<>();

  /** Makes a visitor that forces what it writes to disk. */
  public ArchiveFolder(Path folder, boolean readOnly) {
    this(folder, readOnly, true);
  }

  /**
   * Makes a visitor.
   *
   * @param folder an existing empty directory
   * @param readOnly whether files lose their write permission
   * @param forced whether each file and directory is waited for until the disk has it
   */
  public ArchiveFolder(Path folder, boolean readOnly, boolean forced) {
    this.folder = folder;
    this.readOnly = readOnly;
    this.forced = forced;
    this.posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    directories.add(folder);
  }

  /**
   * Checks and unpacks an archive into an empty folder, all or nothing: it is unpacked beside the
   * folder, which one rename then replaces.
   *
   * @param kind which limits hold
   * @param archive the compressed bytes; read to their end, left open
   * @param folder an empty directory, or a path where nothing is yet
   * @throws ArchiveException if the archive is refused
   * @throws IOException if the folder is not empty, or reading or writing fails
   */
  public static ArchiveFacts unpack(ArchiveKind kind, InputStream archive, Path folder)
      throws IOException {
    return unpack(folder, visitor -> ArchiveReader.read(kind, archive, visitor));
  }

  /**
   * As {@link #unpack}, for a package: the rules of {@link PackageArchive} hold too.
   *
   * @throws ArchiveException if the archive is refused
   * @throws IOException if the folder is not empty, or reading or writing fails
   */
  public static ArchiveFacts unpackPackage(InputStream archive, Path folder) throws IOException {
    return unpack(folder, visitor -> PackageArchive.read(archive, visitor).facts());
  }

  private interface Reading {
    ArchiveFacts into(ArchiveVisitor visitor) throws IOException;
  }

  private static ArchiveFacts unpack(Path folder, Reading reading) throws IOException {
    Path target = folder.toAbsolutePath().normalize();
    Path parent = target.getParent();
    Path name = target.getFileName();
    if (parent == null || name == null) {
      throw new IOException(folder + " is no folder to unpack into");
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      requireEmpty(target);
    }
    Path temporary = Files.createTempDirectory(parent, "." + name + ".unpack-");
    try {
      ArchiveFolder unpacking = new ArchiveFolder(temporary, false);
      ArchiveFacts facts = reading.into(unpacking);
      unpacking.force();
      setMode(temporary, DIRECTORY);
      // rename(2) puts a directory in the place of an empty one.
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      return facts;
    } finally {
      Directories.delete(temporary);
    }
  }

  private static void requireEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(folder + " is not a folder");
    }
    try (Stream<Path> children = Files.list(folder)) {
      if (children.findAny().isPresent()) {
        throw new IOException(folder + " is not empty");
      }
    }
  }

  @Override
  public void directory(String path) throws IOException {
    makeDirectory(resolve(path));
  }

  @Override
  public void file(String path, long size, InputStream content) throws IOException {
    Path file = resolve(path);
    Path parent = file.getParent();
    if (parent != null) {
      makeDirectory(parent);
    }
    Set<PosixFilePermission> mode = readOnly ? READ_ONLY : WRITABLE;
    try (FileChannel channel = FileChannel.open(file, NEW, attributes(mode))) {
      copy(content, size, channel);
      if (forced) {
        channel.force(true);
      }
    }
    keepMode(file, mode);
  }

  private void copy(InputStream content, long size, FileChannel to) throws IOException {
    int most = (int) Math.max(1, Math.min(size, CHUNK));
    if (buffer.length < most) {
      buffer = new byte[most];
    }
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, n);
      while (chunk.hasRemaining()) {
        to.write(chunk);
      }
    }
  }

  /**
   * As {@link #file}, for a file that no archive reader has looked at.
   *
   * @throws ArchiveException if the name is not one plain component by the rules on names
   * @throws IOException if it cannot be written
   */
  public void checkedFile(String name, long size, InputStream content) throws IOException {
    EntryName.check(name);
    if (name.indexOf('/') >= 0) {
      throw new ArchiveException(name, "the name is one component");
    }
    file(name, size, content);
  }

  /**
   * Forces the directories to disk if files are, to be called once after the last entry.
   *
   * @throws IOException if that fails
   */
  public void force() throws IOException {
    if (!forced) {
      return;
    }
    for (Path directory : directories) {
      Directories.force(directory);
    }
  }

  private Path resolve(String path) throws ArchiveException {
    try {
      return folder.resolve(path);
    } catch (InvalidPathException e) {
      throw new ArchiveException(path, "this system can write the name");
    }
  }

  private void makeDirectory(Path directory) throws IOException {
    if (!directories.add(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      makeDirectory(parent);
    }
    Files.createDirectory(directory, attributes(DIRECTORY));
    keepMode(directory, DIRECTORY);
  }

  private FileAttribute<?>[] attributes(Set<PosixFilePermission> mode) {
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(mode)}
        : NO_ATTRIBUTES;
  }

  /**
   * Sets the mode of what was just made, unless the first of its kind had the mode that it was made
   * with: then no mask of the process or list of the folder takes it from the others either.
   */
  private void keepMode(Path made, Set<PosixFilePermission> mode) throws IOException {
    Boolean kept = asMade.get(mode);
    if (kept == null) {
      kept = posix && Files.getPosixFilePermissions(made, LinkOption.NOFOLLOW_LINKS).equals(mode);
      asMade.put(mode, kept);
    }
    if (!kept) {
      setMode(made, mode);
    }
  }

  private static void setMode(Path path, Set<PosixFilePermission> mode) throws IOException {
    PosixFileAttributeView view = posix(path);
    if (view != null) {
      view.setPermissions(mode);
    } else if (mode.equals(READ_ONLY) && !path.toFile().setReadOnly()) {
      throw new IOException(path + " cannot be made read-only");
    }
  }

  private static @Nullable PosixFileAttributeView posix(Path path) {
    return Files.getFileAttributeView(
        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }
}
