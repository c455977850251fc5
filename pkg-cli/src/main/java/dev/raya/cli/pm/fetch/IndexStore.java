package dev.raya.cli.pm.fetch;

import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** The index documents this home holds of one registry, {@code registry/ID/index/p1/p2/file}. */
public final class IndexStore {
  private final Path folder;

  /** Documents below the folder of a known registry. */
  public IndexStore(Path registryFolder) {
    this.folder = registryFolder.resolve("index");
  }

  /**
   * The document held, or an empty array if there is none; a power cut may leave half of one.
   *
   * @throws IOException if it cannot be read
   */
  public byte[] held(PackageName name) throws IOException {
    Path file = file(name);
    if (!Files.exists(file)) {
      return new byte[0]; // the usual case of a first install, without an exception
    }
    try {
      if (Files.size(file) > Registry.MAX_INDEX_BYTES) {
        throw new IOException(file + " is larger than an index document can be");
      }
      byte[] held = Files.readAllBytes(file);
      return held.length == 0 || held[held.length - 1] != '\n' ? new byte[0] : held;
    } catch (NoSuchFileException none) {
      return new byte[0];
    }
  }

  /**
   * Keeps a document that was checked, in the place of the one held so far.
   *
   * @throws IOException if it cannot be written
   */
  public void keep(PackageName name, byte[] held, byte[] document) throws IOException {
    if (!Arrays.equals(held, document)) {
      AtomicFiles.writeUnforced(file(name), document);
    }
  }

  /** Where a document lies. */
  Path file(PackageName name) {
    return folder.resolve(name.indexPath());
  }
}
