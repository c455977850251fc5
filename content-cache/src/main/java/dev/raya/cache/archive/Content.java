package dev.raya.cache.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The bytes of a file that goes into an archive. The size is fixed beforehand, since the frame
 * states the whole archive's size before its first byte.
 */
public sealed interface Content {
  /** Count of bytes. */
  long size();

  /**
   * Opens the bytes; the caller closes.
   *
   * @throws IOException if they cannot be read
   */
  InputStream open() throws IOException;

  /** Content held in memory; the array is not copied and must not change. */
  static Content of(byte[] bytes) {
    return new Bytes(bytes);
  }

  /**
   * Content of a regular file.
   *
   * @throws IOException if it cannot be read, or is a link or no file
   */
  static Content of(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is not a regular file");
    }
    return new OnDisk(file, Files.size(file));
  }

  /** In memory. */
  final class Bytes implements Content {
    private final byte[] bytes;

    private Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(bytes);
    }
  }

  /** In a file, whose size was taken when the value was made. */
  final class OnDisk implements Content {
    private final Path file;
    private final long size;

    private OnDisk(Path file, long size) {
      this.file = file;
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    }
  }
}
