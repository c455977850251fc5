package dev.raya.tuf.client;

import dev.raya.cache.disk.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The metadata that was verified once, byte for byte as received, one file a role without its
 * version. What is read from here is verified again each time.
 */
final class MetadataFolder {
  private final Path folder;

  MetadataFolder(Path folder) {
    this.folder = folder;
  }

  /** The file of a role, or null if there is none or it is larger than any that was written. */
  byte @Nullable [] read(String role, int limit) throws IOException {
    try (InputStream in = Files.newInputStream(file(role))) {
      byte[] bytes = in.readNBytes(limit);
      return in.read() < 0 ? bytes : null;
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  void write(String role, byte[] document) throws IOException {
    Files.createDirectories(folder);
    AtomicFile.write(file(role), document);
  }

  void delete(String role) throws IOException {
    Files.deleteIfExists(file(role));
  }

  private Path file(String role) {
    return folder.resolve(Quoting.fileName(role) + ".json");
  }
}
