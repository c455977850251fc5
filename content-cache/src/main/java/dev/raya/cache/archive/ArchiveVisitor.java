package dev.raya.cache.archive;

import java.io.IOException;
import java.io.InputStream;

/**
 * Receives the entries of an archive as they are read, each already checked by itself and against
 * those before it. The archive as a whole is good only once {@link ArchiveReader#read} has
 * returned: until then a visitor must be able to throw away what it made of the entries.
 */
public interface ArchiveVisitor {
  /** Looks at nothing; the archive is only checked. */
  ArchiveVisitor NONE =
      new ArchiveVisitor() {
        @Override
        public void directory(String path) {}

        @Override
        public void file(String path, long size, InputStream content) {}
      };

  /**
   * A directory has an entry of its own. Parents of files need not have one.
   *
   * @param path relative, without trailing slash
   * @throws IOException if the visitor cannot go on
   */
  void directory(String path) throws IOException;

  /**
   * A file.
   *
   * @param path relative, with {@code /} between components
   * @param size count of bytes
   * @param content the bytes; what is left unread is skipped, closing it does nothing
   * @throws IOException if the visitor cannot go on, or from {@code content}
   */
  void file(String path, long size, InputStream content) throws IOException;
}
