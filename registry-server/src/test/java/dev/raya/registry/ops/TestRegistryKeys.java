package dev.raya.registry.ops;

import dev.raya.registry.storage.DataDirectory;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The ceremony of a first start, for tests that start no registry. */
public final class TestRegistryKeys {
  private TestRegistryKeys() {}

  /** Makes all keys and the root. */
  public static void make(DataDirectory directory, String origin) throws Exception {
    RegistryRoot.ceremony(directory, new SecureRandom(), InstantSource.system());
    directory.fixOrigin(origin);
  }
}
