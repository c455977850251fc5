package dev.raya.tuf.repository;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where the repository's metadata files are kept. */
public interface MetadataFiles {
  /**
   * Reads a file.
   *
   * @param name such as {@code 7.bin-03f.json}
   * @throws IOException if it cannot be read
   */
  Optional<byte[]> read(String name) throws IOException;

  /**
   * Writes or replaces a file, whole and durably.
   *
   * @throws IOException if it cannot be written
   */
  void write(String name, byte[] content) throws IOException;

  /**
   * Writes many files of one content, durably.
   *
   * @throws IOException if one cannot be written
   */
  void writeSame(List<String> names, byte[] content) throws IOException;

  /**
   * The names of all files, sorted.
   *
   * @throws IOException if the folder cannot be read
   */
  List<String> names() throws IOException;

  /**
   * When a file was written; empty if there is none.
   *
   * @throws IOException if it cannot be read
   */
  Optional<Instant> written(String name) throws IOException;

  /**
   * Deletes a file, if it is there.
   *
   * @throws IOException if it cannot be deleted
   */
  void delete(String name) throws IOException;
}
