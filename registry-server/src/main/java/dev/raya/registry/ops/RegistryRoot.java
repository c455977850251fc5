package dev.raya.registry.ops;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.Directories;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DirectoryStaticTree;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.signing.key.KeyDirectory;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.RoleWriter;
import dev.raya.tuf.role.TrustedRoot;
import dev.raya.tuf.role.TufKey;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The registry's first TUF root (spec: security.md "Roots" and "First contact"; registry.md 4):
 * root 3 of 5 and targets 2 of 3 with keys that belong offline, snapshot and timestamp with one
 * online key each. Made once; the file appears last, so that an interrupted ceremony starts anew.
 */
public final class RegistryRoot {
  /** Path of the file in the static tree. */
  public static final String PATH = "tuf/1.root.json";

  private static final Duration LIFE = Duration.ofDays(365);

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
    Path offline = directory.keys().resolve("offline");
    Path online = directory.keys().resolve("online");
    Directories.delete(offline);
    Directories.delete(online);
    List<SigningKey> rootKeys = generate(offline.resolve("root"), 5, random);
    Map<Role.Kind, RoleKeys> roles = new LinkedHashMap<>();
    Map<String, TufKey> keys = new LinkedHashMap<>();
    add(Role.Kind.ROOT, rootKeys, 3, keys, roles);
    add(Role.Kind.TARGETS, generate(offline.resolve("targets"), 3, random), 2, keys, roles);
    add(Role.Kind.SNAPSHOT, generate(online.resolve("snapshot"), 1, random), 1, keys, roles);
    add(Role.Kind.TIMESTAMP, generate(online.resolve("timestamp"), 1, random), 1, keys, roles);
    Role.Root root = new Role.Root(1, clock.instant().plus(LIFE), true, keys, roles);
    StaticTree tree = new DirectoryStaticTree(directory.tree());
    tree.put(PATH, RoleWriter.sign(root, rootKeys));
    return true;
  }

  private static List<SigningKey> generate(Path folder, int count, SecureRandom random)
      throws IOException {
    KeyDirectory keys = new KeyDirectory(folder);
    List<SigningKey> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(keys.generate(null, random));
    }
    return made;
  }

  private static void add(
      Role.Kind kind,
      List<SigningKey> signers,
      int threshold,
      Map<String, TufKey> keys,
      Map<Role.Kind, RoleKeys> roles) {
    List<TufKey> publicKeys = new ArrayList<>();
    for (SigningKey signer : signers) {
      TufKey key = TufKey.of(signer.verificationKey());
      publicKeys.add(key);
      keys.put(key.keyId().hex(), key);
    }
    roles.put(kind, RoleKeys.of(publicKeys, threshold));
  }
}
