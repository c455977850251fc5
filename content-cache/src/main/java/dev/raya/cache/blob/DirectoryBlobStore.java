package dev.raya.cache.blob;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Blobs as files {@code sha256/AA/HEX} of a directory, {@code AA} being the first two digits.
 *
 * <p>A blob is written to {@code tmp/}, forced to disk, renamed, and the directory forced: a kill
 * or a power cut leaves a whole blob or none. Two writers of one blob rename the same bytes over
 * each other, which no reader can notice. Leftovers in {@code tmp/} are for {@link #sweep}.
 */
public final class DirectoryBlobStore implements BlobStore {
  private final Path blobs;
  private final Path tmp;

  /**
   * Opens a store, making its directories.
   *
   * @throws IOException if they cannot be made
   */
  public DirectoryBlobStore(Path root) throws IOException {
    this.blobs = root.resolve("sha256");
    this.tmp = root.resolve("tmp");
    Files.createDirectories(blobs);
    Files.createDirectories(tmp);
  }

  /** Where the blob of that digest lies, or would lie. */
  public Path path(Digest digest) {
    return blobs.resolve(digest.hex().substring(0, 2)).resolve(digest.hex());
  }

  @Override
  public BlobSink sink(long limit) throws IOException {
    return new FileSink(limit);
  }

  @Override
  public Optional<Blob> find(Digest digest) throws IOException {
    try {
      BasicFileAttributes file =
          Files.readAttributes(path(digest), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return file.isRegularFile() ? Optional.of(new Blob(digest, file.size())) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    try {
      return Files.newInputStream(path(digest), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      throw new BlobException.Absent(digest);
    }
  }

  @Override
  public void delete(Digest digest) throws IOException {
    Files.deleteIfExists(path(digest));
  }

  @Override
  public void forEach(Consumer<Blob> visitor) throws IOException {
    for (Path folder : children(blobs)) {
      for (Path file : children(folder)) {
        String name = String.valueOf(file.getFileName());
        if (Digest.isHex(name) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          visitor.accept(new Blob(new Digest(name), Files.size(file)));
        }
      }
    }
  }

  /** This store as a source; files are opened on {@code executor}. */
  public BlobSource source(Executor executor) {
    return digest ->
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return open(digest);
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            },
            executor);
  }

  /**
   * Removes what interrupted writers left.
   *
   * @param clock the present
   * @param age only what was last written longer ago than this; must exceed the longest upload
   * @return how many files were removed
   * @throws IOException if the directory cannot be read or a file not be removed
   */
  public int sweep(InstantSource clock, Duration age) throws IOException {
    Instant before = clock.instant().minus(age);
    int removed = 0;
    for (Path file : children(tmp)) {
      try {
        if (Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(before)
            && Files.deleteIfExists(file)) {
          removed++;
        }
      } catch (NoSuchFileException e) {
        continue; // its writer has just renamed or removed it
      }
    }
    return removed;
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  /** Writes into {@code tmp/}. */
  private final class FileSink extends BlobSink {
    private final long limit;
    private final Path file;
    private final FileChannel channel;
    private final MessageDigest sha256 = Digest.sha256();
    private long size;
    private boolean open = true;

    FileSink(long limit) throws IOException {
      this.limit = limit;
      this.file = Files.createTempFile(tmp, "blob-", ".part");
      this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length > limit - size) {
        throw new BlobException.TooLarge(limit);
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      sha256.update(bytes, offset, length);
      size += length;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Digest digest() {
      requireOpen();
      try {
        return Digest.finish((MessageDigest) sha256.clone());
      } catch (CloneNotSupportedException impossible) {
        throw new IllegalStateException("SHA-256 of this runtime cannot be copied", impossible);
      }
    }

    @Override
    public Blob commit() throws IOException {
      requireOpen();
      return store(Digest.finish(sha256));
    }

    @Override
    public Blob commit(Digest expected) throws IOException {
      requireOpen();
      Digest found = Digest.finish(sha256);
      if (!found.equals(expected)) {
        close();
        throw new BlobException.Mismatch(expected, found);
      }
      return store(found);
    }

    private void requireOpen() {
      if (!open) {
        throw new IllegalStateException("the sink is closed");
      }
    }

    private Blob store(Digest digest) throws IOException {
      Path folder = blobs.resolve(digest.hex().substring(0, 2));
      Blob blob = new Blob(digest, size);
      // A file of that name but another size is no blob of ours: the rename heals it.
      if (!find(digest).equals(Optional.of(blob))) {
        channel.force(true);
        if (Files.notExists(folder)) {
          Files.createDirectories(folder);
          Directories.force(blobs);
        }
        Files.move(file, path(digest), StandardCopyOption.ATOMIC_MOVE);
      }
      // Also where another writer was faster: its rename may not have reached the disk yet.
      Directories.force(folder);
      close();
      return blob;
    }

    @Override
    public void close() throws IOException {
      if (open) {
        open = false;
        channel.close();
        Files.deleteIfExists(file);
      }
    }
  }
}
