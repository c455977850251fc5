package dev.raya.cache.archive;

import dev.raya.cache.digest.Digest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes archives whose bytes depend on names and contents alone (packages.md section 5): entries
 * sorted by path bytes, files only, mtime, uid and gid 0, mode 0644, one Zstandard frame with
 * content size and checksum.
 */
public final class ArchiveWriter {
  private static final int COPY_BUFFER = 1 << 16;

  private ArchiveWriter() {}

  /**
   * Writes an archive into a new file and reads it back under the rules that registry and client
   * apply, so that what is packed is never refused later.
   *
   * @param files path inside the archive to content, in any order
   * @throws ArchiveException if a name or a limit is broken; the file is removed
   * @throws IOException if a content cannot be read or changed meanwhile, or the file exists or
   *     cannot be written; a file made here is removed
   */
  public static ArchiveFacts write(ArchiveKind kind, Map<String, Content> files, Path file)
      throws IOException {
    OutputStream out =
        Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    boolean complete = false;
    try (out) {
      ArchiveFacts written = write(kind, files, out);
      try (InputStream in = Files.newInputStream(file)) {
        if (!ArchiveReader.read(kind, in, ArchiveVisitor.NONE).equals(written)) {
          throw new IOException(file + " was changed while it was written");
        }
      }
      complete = true;
      return written;
    } finally {
      if (!complete) {
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * Writes an archive to a stream, which is left open.
   *
   * @param files path inside the archive to content, in any order
   * @throws ArchiveException if a name or a limit is broken; the ratio is not looked at
   * @throws IOException if a content cannot be read or changed meanwhile, or the stream fails
   */
  public static ArchiveFacts write(ArchiveKind kind, Map<String, Content> files, OutputStream out)
      throws IOException {
    SortedMap<String, Content> sorted = new TreeMap<>(TreeDigest.BY_PATH_BYTES);
    sorted.putAll(files);
    long unpacked = check(kind.limits(), sorted);
    CountingOutput counting = new CountingOutput(out);
    DigestOutputStream hashing = new DigestOutputStream(counting, Digest.sha256());
    TreeDigest tree = new TreeDigest();
    try (ZstdFrameOutput frame = new ZstdFrameOutput(hashing, kind, unpacked)) {
      for (Map.Entry<String, Content> file : sorted.entrySet()) {
        Content content = file.getValue();
        frame.write(TarHeaders.file(file.getKey(), content.size()));
        tree.add(file.getKey(), content.size(), copy(file.getKey(), content, frame));
        frame.write(new byte[(int) (Tar.padded(content.size()) - content.size())]);
      }
      frame.write(new byte[2 * Tar.BLOCK]);
      frame.finish();
    }
    if (counting.count > kind.limits().packed()) {
      throw new ArchiveException(null, "at most " + kind.limits().packed() + " bytes packed");
    }
    return new ArchiveFacts(
        Digest.finish(hashing.getMessageDigest()), counting.count, tree.finish());
  }

  /** Checks names and sizes; the exact size of the tar archive. */
  private static long check(ArchiveLimits limits, SortedMap<String, Content> files)
      throws ArchiveException {
    EntryNames names = new EntryNames(limits.entries());
    long unpacked = 2 * Tar.BLOCK;
    for (Map.Entry<String, Content> file : files.entrySet()) {
      names.add(file.getKey(), false);
      long size = file.getValue().size();
      if (size > limits.unpacked()) {
        throw new ArchiveException(
            file.getKey(), "at most " + limits.unpacked() + " bytes unpacked");
      }
      unpacked += TarHeaders.file(file.getKey(), size).length + Tar.padded(size);
      if (unpacked > limits.unpacked()) {
        throw new ArchiveException(null, "at most " + limits.unpacked() + " bytes unpacked");
      }
    }
    return unpacked;
  }

  private static Digest copy(String path, Content content, OutputStream out) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[COPY_BUFFER];
    long rest = content.size();
    try (InputStream in = new BufferedInputStream(content.open(), COPY_BUFFER)) {
      while (rest > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, rest));
        if (n < 0) {
          throw new IOException(path + " became shorter while it was packed");
        }
        sha256.update(buffer, 0, n);
        out.write(buffer, 0, n);
        rest -= n;
      }
      if (in.read() >= 0) {
        throw new IOException(path + " became longer while it was packed");
      }
    }
    return Digest.finish(sha256);
  }

  /** Counts what passes. */
  private static final class CountingOutput extends OutputStream {
    private final OutputStream out;
    private long count;

    CountingOutput(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }
  }
}
