package dev.raya.tuf.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a repository's files come from. Nothing of what it gives is believed; it only has to keep
 * the limits, so that no answer is endless. Paths are relative and percent-quoted.
 */
public interface TufSource {
  /**
   * Reads a metadata file.
   *
   * @param path such as {@code 2.root.json}
   * @param limit most bytes
   * @return the file, or nothing if the source says that there is none
   * @throws IOException if there is no answer, or it is larger than the limit
   * @throws InterruptedException if the thread was interrupted
   */
  Optional<byte[]> metadata(String path, long limit) throws IOException, InterruptedException;

  /**
   * Writes a target file over {@code file}.
   *
   * @param path such as {@code dir/HEX.name}
   * @param limit most bytes
   * @return whether there is such a file
   * @throws IOException if there is no answer, it is larger than the limit, or cannot be written
   * @throws InterruptedException if the thread was interrupted
   */
  boolean target(String path, Path file, long limit) throws IOException, InterruptedException;
}
