package dev.raya.signing.tile;

import java.io.IOException;
import java.util.Optional;

/** Where tiles come from: a folder, or a registry. Nothing of what it gives is believed. */
@FunctionalInterface
public interface TileSource {
  /**
   * Reads a file of the log.
   *
   * @param path such as {@code tile/0/000.p/17} or {@code checkpoint}
   * @return its bytes, or nothing if there is none
   * @throws IOException if there is no answer
   */
  Optional<byte[]> read(String path) throws IOException;
}
