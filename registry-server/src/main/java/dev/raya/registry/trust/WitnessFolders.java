package dev.raya.registry.trust;

import dev.raya.registry.storage.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Where the keys and the memory of the witness's process lie: apart from the signer's, in {@code
 * keys/witness} and {@code witness}, for the own log ({@code local}) and for others ({@code
 * others}). Registries of earlier releases kept them among the signer's.
 */
public final class WitnessFolders {
  private static final String LOCAL = "local";
  private static final String OTHERS = "others";

  private final DataDirectory directory;

  /** Takes the data directory. */
  public WitnessFolders(DataDirectory directory) {
    this.directory = directory;
  }

  /** Folder of the keys. */
  Path keys() {
    return directory.keys().resolve("witness");
  }

  /** Folder of the key that cosigns the own log. */
  Path localKey() {
    return present(keys().resolve(LOCAL), formerKey("witness"));
  }

  /** Folder of the key that cosigns the logs of others. */
  Path othersKey() {
    return present(keys().resolve(OTHERS), formerKey("cosigner"));
  }

  /** Where the newest tree of the own log is remembered. */
  public Path localMemory() {
    return directory.witness().resolve(LOCAL);
  }

  /** Where the newest trees of the logs of others are remembered. */
  public Path othersMemory() {
    return directory.witness().resolve(OTHERS);
  }

  private Path formerKey(String name) {
    return directory.keys().resolve("online").resolve(name);
  }

  private static Path present(Path now, Path former) {
    return !Files.isDirectory(now) && Files.isDirectory(former) ? former : now;
  }

  /**
   * Moves what an earlier release kept elsewhere, each folder by one rename. The memory goes first:
   * a key without it would cosign a second history.
   *
   * @throws IOException if a folder cannot be moved
   */
  void separate() throws IOException {
    move(directory.signer().resolve("witness"), localMemory());
    move(directory.signer().resolve("cosigner"), othersMemory());
    move(formerKey("witness"), keys().resolve(LOCAL));
    move(formerKey("cosigner"), keys().resolve(OTHERS));
  }

  private static void move(Path from, Path to) throws IOException {
    if (Files.isDirectory(from) && !Files.exists(to)) {
      Files.createDirectories(to.getParent());
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }
  }
}
