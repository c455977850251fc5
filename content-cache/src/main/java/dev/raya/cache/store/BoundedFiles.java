package dev.raya.cache.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads small files whole, never through a link and never more than a limit. */
final class BoundedFiles {
  private BoundedFiles() {}

  static byte[] read(Path file, int limit) throws IOException {
    try (InputStream in =
        Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new IOException(file + " has more than " + limit + " bytes");
      }
      return bytes;
    }
  }
}
