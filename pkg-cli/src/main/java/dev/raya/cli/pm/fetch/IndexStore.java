package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.resolver.name.PackageName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

  /** The document held, or an empty array if there is none. */
  byte[] held(PackageName name) throws IOException {
    Path file = file(name);
    try {
      if (Files.size(file) > Registry.MAX_INDEX_BYTES) {
        throw new IOException(file + " is larger than an index document can be");
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException none) {
      return new byte[0];
    }
  }

  /** The tag of a held document, or null if it is not known for these very bytes. */
  @Nullable String etag(PackageName name, byte[] held) throws IOException {
    try {
      String text = Files.readString(etagFile(name));
      int space = text.indexOf(' ');
      return space == Digest.of(held).hex().length() && text.startsWith(Digest.of(held).hex())
          ? text.substring(space + 1).strip()
          : null;
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** Keeps a document that was checked. */
  void keep(PackageName name, byte[] document, @Nullable String etag) throws IOException {
    AtomicFiles.writeIfChanged(file(name), document);
    if (etag != null) {
      String text = Digest.of(document).hex() + " " + etag + "\n";
      AtomicFiles.writeIfChanged(etagFile(name), text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private Path file(PackageName name) {
    return folder.resolve(name.indexPath());
  }

  private Path etagFile(PackageName name) {
    return folder.resolve(name.indexPath() + ".etag");
  }
}
