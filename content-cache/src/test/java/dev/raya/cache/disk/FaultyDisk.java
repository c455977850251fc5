package dev.raya.cache.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The disk below a folder, on which things go wrong from a chosen operation on. Every change — a
 * file or folder made, bytes written or forced, a rename, a deletion, a permission — counts as one
 * operation, so that a test can let each of them in turn be the one that fails. For one thread.
 */
public final class FaultyDisk extends FileSystemProvider {
  /** What goes wrong. */
  public enum Fault {
    /**
     * The process ends: this operation is half done, and no later one happens, cleaning neither.
     */
    KILL,
    /** No byte can be written and nothing be made any more; deletions and renames still work. */
    FULL
  }

  /** The end of the process, which nothing in it can catch. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final FileSystemProvider real;
  private final FaultyPath.Disk files;
  private final Fault fault;
  private long left;

  private FaultyDisk(Path root, Fault fault, long operations) {
    this.real = root.getFileSystem().provider();
    this.files = new FaultyPath.Disk(root.getFileSystem(), this);
    this.fault = fault;
    this.left = operations;
  }

  /**
   * The same folder on a disk that works for a number of operations.
   *
   * @param operations how many changes succeed
   */
  public static Path below(Path folder, Fault fault, long operations) {
    FaultyDisk disk = new FaultyDisk(folder, fault, operations);
    return new FaultyPath(disk.files, folder);
  }

  /** Whether the fault has struck the disk of a path. */
  public static boolean struck(Path path) {
    return ((FaultyDisk) path.getFileSystem().provider()).left < 0;
  }

  /** Before a change that needs room. */
  private void making() throws IOException {
    left--;
    if (left < 0) {
      if (fault == Fault.KILL) {
        throw new Killed();
      }
      throw new IOException("No space left on device");
    }
  }

  /** Before a change that needs none. */
  private void changing() {
    if (fault == Fault.KILL) {
      left--;
    }
    alive();
  }

  private void alive() {
    if (fault == Fault.KILL && left < 0) {
      throw new Killed();
    }
  }

  private static Path real(Path path) {
    return path instanceof FaultyPath faulty ? faulty.real() : path;
  }

  private static boolean writes(Set<? extends OpenOption> options) {
    return options.contains(StandardOpenOption.WRITE)
        || options.contains(StandardOpenOption.APPEND);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    alive();
    if (writes(options)) {
      making();
    }
    return new Channel(real.newFileChannel(real(path), options, attributes));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    making();
    real.createDirectory(real(directory), attributes);
  }

  @Override
  public void delete(Path path) throws IOException {
    changing();
    real.delete(real(path));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    making();
    real.copy(real(source), real(target), options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    changing();
    real.move(real(source), real(target), options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    changing();
    real.setAttribute(real(path), attribute, value, options);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    alive();
    return real.getFileAttributeView(real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    alive();
    return real.readAttributes(real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    alive();
    return real.readAttributes(real(path), names, options);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    alive();
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = real.newDirectoryStream(real(directory), any -> true)) {
      for (Path child : stream) {
        Path wrapped = new FaultyPath(files, child);
        if (filter.accept(wrapped)) {
          children.add(wrapped);
        }
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return children.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    return real.isSameFile(real(path), real(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return real.isHidden(real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return real.getFileStore(real(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    alive();
    real.checkAccess(real(path), modes);
  }

  @Override
  public String getScheme() {
    return "faulty";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> settings) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return files;
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException();
  }

  /** Writes through, until the fault: then half of what was to be written is there. */
  private final class Channel extends FileChannel {
    private final FileChannel to;

    Channel(FileChannel to) {
      this.to = to;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      try {
        making();
      } catch (IOException | Killed struck) {
        to.write(bytes.slice(bytes.position(), bytes.remaining() / 2));
        throw struck;
      }
      return to.write(bytes);
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
      making();
      return to.write(bytes, offset, length);
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      making();
      return to.write(bytes, position);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      changing();
      to.force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      changing();
      to.truncate(size);
      return this;
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count)
        throws IOException {
      making();
      return to.transferFrom(source, position, count);
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      alive();
      return to.read(bytes);
    }

    @Override
    public long read(ByteBuffer[] bytes, int offset, int length) throws IOException {
      alive();
      return to.read(bytes, offset, length);
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      alive();
      return to.read(bytes, position);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      alive();
      return to.transferTo(position, count, target);
    }

    @Override
    public long position() throws IOException {
      return to.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      to.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return to.size();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      return to.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
      return to.lock(position, size, shared);
    }

    @Override
    public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return to.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      to.close();
    }
  }
}
