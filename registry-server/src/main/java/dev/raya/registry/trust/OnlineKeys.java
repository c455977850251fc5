package dev.raya.registry.trust;

import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.tuf.repository.OnlineSigner;
import java.io.IOException;
import java.time.InstantSource;

/** Opens a data directory's online keys, which only the signer's code reads. */
@FunctionalInterface
public interface OnlineKeys {
  /**
   * Opens them.
   *
   * @param origin the registry's own name
   * @throws StorageException if keys or their memory are missing or damaged
   * @throws IOException if they cannot be read
   */
  OnlineSigner open(DataDirectory directory, String origin, InstantSource clock)
      throws StorageException, IOException;
}
