package dev.raya.registry.trust;

import dev.raya.cache.disk.Directories;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.KeyDirectory;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.tuf.repository.RegistryRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The folders of a registry's keys: {@code keys/offline/ROLE} and {@code keys/online/ROLE}, with
 * {@code log} among the online ones, and {@code keys/witness}. Public halves are read freely;
 * private ones of online keys only by the signer's process, those of the witness only by the
 * witness's.
 */
public final class TrustKeys {
  /** Folder of the log's key. */
  static final String LOG = "log";

  private final Path offline;
  private final Path online;
  private final WitnessFolders witness;

  /** Takes the data directory. */
  public TrustKeys(DataDirectory directory) {
    this.offline = directory.keys().resolve("offline");
    this.online = directory.keys().resolve("online");
    this.witness = new WitnessFolders(directory);
  }

  /** Folder of the keys that belong on a machine without a network. */
  public Path offline() {
    return offline;
  }

  /** Deletes all keys: for a ceremony that did not end. */
  public void delete() throws IOException {
    Directories.delete(offline);
    Directories.delete(online);
    Directories.delete(witness.keys());
  }

  /**
   * Makes the keys that are missing: online ones always, offline ones as long as those of the
   * targets role lie here or there are none of any role.
   *
   * @throws IOException if they cannot be written
   * @throws StorageException if a key that is there is damaged
   */
  public void complete(SecureRandom random) throws IOException, StorageException {
    boolean first = !Files.isDirectory(offline) && !Files.isDirectory(online);
    boolean here = first || isHere(RegistryRole.TARGETS);
    for (RegistryRole role : RegistryRole.values()) {
      if (role.online() || (here && !Files.isDirectory(folder(role)))) {
        generate(folder(role), role.keys(), random);
      }
    }
    generate(online.resolve(LOG), 1, random);
    witness.separate();
    generate(witness.localKey(), 1, random);
    generate(witness.othersKey(), 1, random);
  }

  private static void generate(Path folder, int count, SecureRandom random)
      throws IOException, StorageException {
    KeyDirectory keys = new KeyDirectory(folder);
    for (int present = list(folder).size(); present < count; present++) {
      keys.generate(null, random);
    }
  }

  /**
   * Puts new keys in the place of a role's.
   *
   * @return the former ones, which are moved to {@code keys/retired}
   * @throws IOException if files cannot be moved or written
   * @throws StorageException if a former key is damaged
   */
  public List<SigningKey> replace(RegistryRole role, SecureRandom random)
      throws IOException, StorageException {
    List<SigningKey> former = load(role);
    Path retired = offline.resolveSibling("retired");
    Files.createDirectories(retired);
    int number = 1;
    while (Files.exists(retired.resolve(role.id() + '-' + number))) {
      number++;
    }
    Files.move(folder(role), retired.resolve(role.id() + '-' + number));
    generate(folder(role), role.keys(), random);
    return former;
  }

  /** Whether the private keys of an offline role lie here, enough of them to sign. */
  public boolean isHere(RegistryRole role) throws IOException, StorageException {
    return list(folder(role)).size() >= role.threshold();
  }

  /**
   * The public keys of the roles whose folders are here.
   *
   * @throws StorageException if a key is damaged
   */
  public Map<RegistryRole, List<VerificationKey>> known() throws IOException, StorageException {
    Map<RegistryRole, List<VerificationKey>> known = new EnumMap<>(RegistryRole.class);
    for (RegistryRole role : RegistryRole.values()) {
      List<VerificationKey> keys = list(folder(role));
      if (!keys.isEmpty()) {
        known.put(role, keys);
      }
    }
    return known;
  }

  /**
   * The private keys of a role.
   *
   * @throws StorageException if one is damaged
   */
  public List<SigningKey> load(RegistryRole role) throws IOException, StorageException {
    return load(folder(role));
  }

  /** The log's key. */
  public SigningKey log() throws IOException, StorageException {
    return load(online.resolve(LOG)).getFirst();
  }

  /** The local witness's key. */
  public SigningKey witness() throws IOException, StorageException {
    return load(witness.localKey()).getFirst();
  }

  /** The key that witnesses other registries. */
  public SigningKey cosigner() throws IOException, StorageException {
    return load(witness.othersKey()).getFirst();
  }

  /** The public half of the key that witnesses other registries. */
  public VerificationKey cosignerPublic() throws IOException, StorageException {
    return list(witness.othersKey()).getFirst();
  }

  /** The public half of the log's key. */
  public VerificationKey logPublic() throws IOException, StorageException {
    return list(online.resolve(LOG)).getFirst();
  }

  /** The public half of the local witness's key. */
  public VerificationKey witnessPublic() throws IOException, StorageException {
    return list(witness.localKey()).getFirst();
  }

  /** Folder of a role's keys. */
  public Path folder(RegistryRole role) {
    return (role.online() ? online : offline).resolve(role.id());
  }

  private static List<SigningKey> load(Path folder) throws IOException, StorageException {
    List<SigningKey> loaded = new ArrayList<>();
    for (VerificationKey key : list(folder)) {
      try {
        loaded.add(new KeyDirectory(folder).load(key.keyId(), null));
      } catch (SigningException e) {
        throw new StorageException(folder + ": " + e.getMessage(), e);
      }
    }
    if (loaded.isEmpty()) {
      throw new StorageException("there is no key in " + folder);
    }
    return loaded;
  }

  private static List<VerificationKey> list(Path folder) throws IOException, StorageException {
    try {
      return new KeyDirectory(folder).list();
    } catch (SigningException e) {
      throw new StorageException(folder + ": " + e.getMessage(), e);
    }
  }
}
