package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The index documents this home holds of one registry, {@code registry/ID/index/p1/p2/file}; beside
 * each, in {@code file.etag}, the tag under which it was served and the digest it belongs to.
 */
public final class IndexStore {
  private final Path folder;

  /** Documents below the folder of a known registry. */
  public IndexStore(Path registryFolder) {
    this.folder = registryFolder.resolve("index");
  }

  /** The document held, or an empty array if there is none; a power cut may leave half of one. */
  byte[] held(PackageName name) throws IOException {
    Path file = file(name);
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
   * The tag of a held document: the one it was served under, else what the tag of these bytes is
   * (registry.md 1.1).
   */
  String etag(PackageName name, byte[] held) throws IOException {
    String digest = Digest.of(held).hex();
    try {
      String text = Files.readString(etagFile(name));
      int space = text.indexOf(' ');
      if (space == digest.length() && text.startsWith(digest)) {
        return text.substring(space + 1).strip();
      }
    } catch (NoSuchFileException none) {
      return '"' + digest + '"';
    }
    return '"' + digest + '"';
  }

  /**
   * Keeps a document that was checked.
   *
   * @param held the document held so far
   * @param etag the tag it was served under, if it is another than that of its bytes
   */
  void keep(PackageName name, byte[] held, byte[] document, @Nullable String etag)
      throws IOException {
    if (!Arrays.equals(held, document)) {
      AtomicFiles.writeUnforced(file(name), document);
    }
    String digest = Digest.of(document).hex();
    if (etag != null && !etag.equals('"' + digest + '"')) {
      AtomicFiles.writeIfChanged(
          etagFile(name), (digest + " " + etag + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private Path file(PackageName name) {
    return folder.resolve(name.indexPath());
  }

  private Path etagFile(PackageName name) {
    return folder.resolve(name.indexPath() + ".etag");
  }
}
