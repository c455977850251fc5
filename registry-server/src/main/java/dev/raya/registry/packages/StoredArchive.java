package dev.raya.registry.packages;

import dev.raya.cache.archive.ArchiveException;
import dev.raya.cache.archive.ArchiveVisitor;
import dev.raya.cache.archive.PackageArchive;
import dev.raya.cache.blob.BlobStore;
import dev.raya.cache.digest.Digest;
import dev.raya.vm.bytecode.RbinException;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.Verifier;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A published archive, read from the blob store again: its bytecode and what files it holds.
 *
 * @param module its {@code module.rbin}, verified
 * @param files digests of all files by path
 */
public record StoredArchive(VerifiedModule module, SortedMap<String, Digest> files) {
  /** Copies the map in. */
  public StoredArchive {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /**
   * Reads an archive.
   *
   * @throws IOException if it is not there, or is not what was once accepted
   */
  public static StoredArchive read(BlobStore blobs, Digest digest) throws IOException {
    Reading reading = new Reading();
    try (InputStream archive = blobs.open(digest)) {
      PackageArchive.read(archive, reading);
      return new StoredArchive(Verifier.verify(reading.module), reading.files);
    } catch (ArchiveException | RbinException damaged) {
      throw new IOException("the stored archive " + digest + " is damaged", damaged);
    }
  }

  private static final class Reading implements ArchiveVisitor {
    private final SortedMap<String, Digest> files = new TreeMap<>();
    private byte[] module = {};

    @Override
    public void directory(String path) {}

    @Override
    public void file(String path, long size, InputStream content) throws IOException {
      if (path.equals(PackageArchive.MODULE)) {
        // It was accepted under the limit for modules.
        module = content.readAllBytes();
        files.put(path, Digest.of(module));
      } else {
        files.put(path, Digest.ofStream(content));
      }
    }
  }
}
