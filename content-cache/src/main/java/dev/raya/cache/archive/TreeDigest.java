package dev.raya.cache.archive;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Computes {@code tree} of packages.md section 5: SHA-256 over one line {@code HEX SIZE PATH\n} per
 * file, sorted by the bytes of the path. Directories do not count. Not thread-safe.
 */
public final class TreeDigest {
  /** Orders paths by their UTF-8 bytes, unsigned; UTF-16 order differs above U+FFFF. */
  public static final Comparator<String> BY_PATH_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private record Line(Digest digest, long size) {}

  private final SortedMap<String, Line> lines = new TreeMap<>(BY_PATH_BYTES);

  /**
   * Adds a file.
   *
   * @param path relative, with {@code /} between components
   * @throws IllegalStateException if the path was added before
   */
  public void add(String path, long size, Digest digest) {
    if (lines.put(path, new Line(digest, size)) != null) {
      throw new IllegalStateException(path + " was added twice");
    }
  }

  /** The digest over all files added. */
  public Digest finish() {
    MessageDigest sha256 = Digest.sha256();
    lines.forEach(
        (path, line) ->
            sha256.update(
                (line.digest().hex() + "  " + line.size() + "  " + path + "\n")
                    .getBytes(StandardCharsets.UTF_8)));
    return Digest.finish(sha256);
  }

  /**
   * The digest of what lies in a folder, every file read anew.
   *
   * @param folder the root; links in it are never followed
   * @param except top-level file names that do not count
   * @throws IOException if a file cannot be read, or something is neither file nor directory
   */
  public static Digest ofFolder(Path folder, Set<String> except) throws IOException {
    TreeDigest tree = new TreeDigest();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.isRegularFile()) {
              throw new IOException(file + " is neither a file nor a directory");
            }
            String path = folder.relativize(file).toString().replace('\\', '/');
            if (!except.contains(path)) {
              tree.add(path, attributes.size(), Digest.ofFile(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return tree.finish();
  }
}
