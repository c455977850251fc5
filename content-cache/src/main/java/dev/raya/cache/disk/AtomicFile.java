package dev.raya.cache.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Replaces small files so that a reader, a kill or a power cut sees the former bytes or the new
 * ones, never a mixture: written beside the target, forced, renamed, directory forced.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Writes or replaces a file readable by all (0644).
   *
   * @throws IOException if it cannot be written; the former file then stays
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, bytes, "rw-r--r--");
  }

  /**
   * Writes or replaces a file that only its owner can read and write (0600), from its first moment.
   *
   * @throws IOException if it cannot be written; the former file then stays
   */
  public static void writePrivate(Path file, byte[] bytes) throws IOException {
    write(file, bytes, "rw-------");
  }

  private static void write(Path file, byte[] bytes, String mode) throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new IOException(file + " is no file");
    }
    // Containers that share a volume have the same process and thread numbers, hence the time; the
    // platform's source of random numbers would cost a short command more than the file.
    Path temporary =
        folder.resolve(
            ".new-"
                + ProcessHandle.current().pid()
                + '-'
                + Thread.currentThread().threadId()
                + '-'
                + System.nanoTime());
    Files.createFile(temporary, attributes("rw-------"));
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      if (posix()) {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(mode));
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      Directories.force(folder);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static FileAttribute<?>[] attributes(String mode) {
    return posix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean posix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
