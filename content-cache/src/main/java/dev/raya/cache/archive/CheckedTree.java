package dev.raya.cache.archive;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;

/**
 * Writes files that come from elsewhere than an archive into a folder, under the rules that hold
 * for a package's archive: names, names that collide, count and bytes (packages.md section 5).
 * Files are read-only once written. Not thread-safe.
 */
public final class CheckedTree {
  private final ArchiveLimits limits = ArchiveKind.PACKAGE.limits();
  private final EntryNames names = new EntryNames(limits.entries());
  private final TreeDigest tree = new TreeDigest();
  private final ArchiveFolder folder;
  private long bytes;

  /** Writes into an existing empty folder. */
  public CheckedTree(Path folder) {
    this.folder = new ArchiveFolder(folder, true);
  }

  /**
   * Writes a file.
   *
   * @param path relative, with {@code /} between components
   * @param size count of its bytes
   * @param content the bytes; read to their end, left open
   * @throws ArchiveException if the name or the size is refused
   * @throws IOException if it cannot be read or written
   */
  public void file(String path, long size, InputStream content) throws IOException {
    names.add(path, false);
    bytes += size;
    if (size < 0 || bytes > limits.unpacked()) {
      throw new ArchiveException(
          path, "all files together have at most " + limits.unpacked() + " bytes");
    }
    MessageDigest sha256 = Digest.sha256();
    folder.file(path, size, new DigestInputStream(content, sha256));
    tree.add(path, size, Digest.finish(sha256));
  }

  /**
   * Forces the folder to disk, to be called once after the last file.
   *
   * @return the digest of all files
   * @throws IOException if that fails
   */
  public Digest finish() throws IOException {
    folder.force();
    return tree.finish();
  }
}
