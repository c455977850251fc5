package dev.raya.registry.packages;

import dev.raya.cache.archive.ArchiveKind;
import dev.raya.cache.archive.ArchiveReader;
import dev.raya.cache.archive.ArchiveVisitor;
import dev.raya.cache.blob.DirectoryBlobStore;
import dev.raya.cache.digest.Digest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Single files out of the archives of published versions. */
@ApplicationScoped
public class ArchiveFiles {
  /** Largest file that is given out so; what is larger is read from the archive itself. */
  private static final int MAX_BYTES = 4 << 20;

  private final DirectoryBlobStore blobs;

  @Inject
  ArchiveFiles(DirectoryBlobStore blobs) {
    this.blobs = blobs;
  }

  /**
   * A file of a version's archive, or empty if it has none of that name, or a larger one.
   *
   * @param path in the archive
   * @throws IOException if the archive cannot be read
   */
  public Optional<byte[]> read(VersionRow row, String path) throws IOException {
    Wanted wanted = new Wanted(path);
    try (InputStream archive = blobs.open(new Digest(row.archive))) {
      ArchiveReader.read(ArchiveKind.PACKAGE, archive, wanted);
    }
    return Optional.ofNullable(wanted.bytes);
  }

  private static final class Wanted implements ArchiveVisitor {
    private final String path;
    private byte @Nullable [] bytes;

    Wanted(String path) {
      this.path = path;
    }

    @Override
    public void directory(String entry) {}

    @Override
    public void file(String entry, long size, InputStream content) throws IOException {
      if (entry.equals(path) && size <= MAX_BYTES) {
        bytes = content.readAllBytes();
      }
    }
  }
}
