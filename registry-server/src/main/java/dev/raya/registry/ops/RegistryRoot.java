package dev.raya.registry.ops;

import dev.raya.cache.digest.Digest;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DirectoryStaticTree;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.registry.trust.TrustKeys;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.OfflineRoles;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleWriter;
import dev.raya.tuf.role.TrustedRoot;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The registry's first TUF root (spec: security.md "Roots" and "First contact"; registry.md 4):
 * root 3 of 5 and targets 2 of 3 with keys that belong offline, snapshot and timestamp with one
 * online key each. Made once; the file appears last, so that an interrupted ceremony starts anew.
 */
public final class RegistryRoot {
  /** Path of the file in the static tree. */
  public static final String PATH = "tuf/1.root.json";

  private static final Duration LIFE = RegistryRole.ROOT.life();

  private RegistryRoot() {}

  /**
   * The fingerprint that clients pin, or empty if no start has made the root yet.
   *
   * @throws StorageException if the file is damaged
   * @throws IOException if it cannot be read
   */
  public static Optional<Digest> fingerprint(DataDirectory directory)
      throws StorageException, IOException {
    Optional<byte[]> document = new DirectoryStaticTree(directory.tree()).read(PATH);
    if (document.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(TrustedRoot.first(document.get()).fingerprint());
    } catch (TufException e) {
      throw new StorageException(directory.tree().resolve(PATH) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Makes the keys and the root if there are none.
   *
   * @return whether they were made now
   * @throws StorageException if what is there is damaged
   * @throws IOException if files cannot be written
   */
  static boolean ceremony(DataDirectory directory, SecureRandom random, InstantSource clock)
      throws StorageException, IOException {
    if (fingerprint(directory).isPresent()) {
      return false;
    }
    TrustKeys keys = new TrustKeys(directory);
    keys.delete();
    keys.complete(random);
    Role.Root root = new OfflineRoles(keys.known()).root(1, clock.instant().plus(LIFE));
    StaticTree tree = new DirectoryStaticTree(directory.tree());
    tree.put(PATH, RoleWriter.sign(root, keys.load(RegistryRole.ROOT)));
    return true;
  }
}
