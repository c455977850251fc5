package dev.raya.cli.pm.project;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Writes whole files by one atomic rename, so that a reader or a kill sees the old or the new one.
 */
public final class AtomicFiles {
  private AtomicFiles() {}

  /**
   * Writes a file, forced to disk.
   *
   * @throws IOException if it cannot be written; the former one then stays
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(file, bytes, true);
  }

  /**
   * Replaces a file by one rename without waiting for the disk: for what can be had again, and is
   * checked when it is read. After a power cut it may be missing or cut off.
   *
   * @throws IOException if it cannot be written; the former one then stays
   */
  public static void writeUnforced(Path file, byte[] bytes) throws IOException {
    write(file, bytes, false);
  }

  private static void write(Path file, byte[] bytes, boolean forced) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " lies in no folder");
    }
    if (!Files.isDirectory(folder)) { // to make what is there costs an exception
      Files.createDirectories(folder);
    }
    // Containers that share a volume have the same process and thread numbers.
    Path temporary =
        folder.resolve(
            "."
                + file.getFileName()
                + "."
                + ProcessHandle.current().pid()
                + "-"
                + Thread.currentThread().threadId()
                + "-"
                + System.nanoTime()
                + ".tmp");
    FileChannel opened =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      try (FileChannel channel = opened) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        if (forced) {
          channel.force(true);
        }
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      Files.deleteIfExists(temporary);
      throw failed;
    }
  }

  /**
   * Whether a file holds this text, be its lines ended as version control on Windows ends them.
   *
   * @param text with LF
   * @throws IOException if it cannot be read
   */
  public static boolean holdsText(Path file, byte[] text) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    byte[] held = Files.readAllBytes(file);
    int at = 0;
    for (int i = 0; i < held.length; i++) {
      boolean lineEnd = held[i] == '\r' && i + 1 < held.length && held[i + 1] == '\n';
      if (lineEnd) {
        continue;
      }
      if (at == text.length || held[i] != text[at++]) {
        return false;
      }
    }
    return at == text.length;
  }

  /**
   * Writes a file only if its content changes.
   *
   * @return whether it was written
   * @throws IOException if it cannot be read or written
   */
  public static boolean writeIfChanged(Path file, byte[] bytes) throws IOException {
    if (Files.exists(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
      return false;
    }
    write(file, bytes);
    return true;
  }
}
