package dev.raya.signing.tile;

import java.io.IOException;
import java.util.Map;

/** Where a log's writer keeps its files. */
public interface TileStore extends TileSource {
  /**
   * Writes or replaces files. They are on disk when this returns; a crash in between leaves each
   * one absent, as it was, or whole.
   *
   * @param files path to content
   * @throws IOException if one cannot be written
   */
  void write(Map<String, byte[]> files) throws IOException;

  /**
   * Deletes a folder of partial tiles whose full tile is there, if there is one.
   *
   * @throws IOException if it cannot be deleted
   */
  void deleteFolder(String path) throws IOException;
}
