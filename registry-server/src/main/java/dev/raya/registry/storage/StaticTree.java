package dev.raya.registry.storage;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The files that any web server could serve: index documents, TUF metadata, configuration. Blobs
 * lie beside them and belong to the {@link dev.raya.cache.blob.BlobStore}. Thread-safe.
 */
public interface StaticTree {
  /**
   * Writes a file whole and durably; readers see the former bytes or the new ones.
   *
   * @param path relative, such as {@code index/3f/a2/logging}
   * @throws IOException if it cannot be written
   */
  void put(String path, byte[] bytes) throws IOException;

  /**
   * The bytes of a file, if it is there.
   *
   * @throws IOException if it cannot be read
   */
  Optional<byte[]> read(String path) throws IOException;

  /**
   * Tells one content of a file from the next.
   *
   * @param size in bytes
   * @param modified when it was written, in nanoseconds
   */
  record FileState(long size, long modified) {}

  /**
   * The state of a file, if it is there; another one after each {@link #put} of other bytes.
   *
   * @throws IOException if it cannot be read
   */
  Optional<FileState> state(String path) throws IOException;

  /**
   * The paths of all files below a folder, in the order of their names.
   *
   * @throws IOException if it cannot be read
   */
  List<String> list(String folder) throws IOException;
}
