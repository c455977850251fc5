package dev.raya.registry.trust;

import dev.raya.cache.disk.Directories;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.StorageException;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.KeyDirectory;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.signing.log.LogPolicy;
import dev.raya.signing.log.NoteKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.TufKey;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders of a registry's keys: {@code keys/offline/ROLE} and {@code keys/online/ROLE}, with
 * {@code log} among the online ones, and {@code keys/witness}. Public halves are read freely;
 * private ones of online keys only by the signer's process, those of the witness only by the
 * witness's.
 */
public final class TrustKeys {
  /** Folder of keys that are to replace others. */
  private static final String NEXT = "next";

  /** Folder of the log's key. */
  static final String LOG = "log";

  private static final String RESTORE =
      "\n  restore the folder keys from the backup that the data directory came from";

  private final Path offline;
  private final Path online;
  private final WitnessFolders witness;

  /** The role whose keys are those that are to come, or null. */
  private final @Nullable RegistryRole changing;

  /** Takes the data directory. */
  public TrustKeys(DataDirectory directory) {
    this(
        directory.keys().resolve("offline"),
        directory.keys().resolve("online"),
        new WitnessFolders(directory),
        null);
  }

  private TrustKeys(
      Path offline, Path online, WitnessFolders witness, @Nullable RegistryRole changing) {
    this.offline = offline;
    this.online = online;
    this.witness = witness;
    this.changing = changing;
  }

  /** The same keys, but of one role those that will replace its present ones. */
  TrustKeys upcoming(RegistryRole role) {
    return new TrustKeys(offline, online, witness, role);
  }

  /** Folder of the keys that belong on a machine without a network. */
  public Path offline() {
    return offline;
  }

  /** The folders that keys of any use lie in; each may not be there. */
  public List<Path> folders() {
    return List.of(offline, online, witness.keys(), offline.resolveSibling(NEXT), retired());
  }

  /**
   * Makes all keys of a registry that has no root yet, as far as they are not there, and waits for
   * the disk: no root may outlast its keys.
   *
   * @throws IOException if they cannot be written
   * @throws StorageException if a key that is there is damaged
   */
  public void begin(SecureRandom random) throws IOException, StorageException {
    for (RegistryRole role : RegistryRole.values()) {
      generate(folder(role), role.keys(), random);
    }
    generateOthers(random);
    for (Path folder : List.of(offline, online, witness.keys())) {
      try (Stream<Path> folders = Files.list(folder)) {
        for (Path each : folders.filter(Files::isDirectory).toList()) {
          Directories.force(each);
        }
      }
      Directories.force(folder);
    }
    Directories.force(Objects.requireNonNull(offline.getParent(), "the folder keys"));
  }

  /**
   * Makes the keys that are missing in a registry that has a root, after {@link #requireNamed}:
   * online ones always, offline ones as long as those of the targets role lie here.
   *
   * @throws IOException if they cannot be written
   * @throws StorageException if a key that is there is damaged
   */
  public void complete(SecureRandom random) throws IOException, StorageException {
    boolean here = isHere(RegistryRole.TARGETS);
    for (RegistryRole role : RegistryRole.values()) {
      if (role.online() || (here && !Files.isDirectory(folder(role)))) {
        generate(folder(role), role.keys(), random);
      }
    }
    witness.separate();
    generateOthers(random);
  }

  /** Those that sign no metadata. */
  private void generateOthers(SecureRandom random) throws IOException, StorageException {
    generate(online.resolve(LOG), 1, random);
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

  /** Makes what a role lacks of its keys. */
  void complete(RegistryRole role, SecureRandom random) throws IOException, StorageException {
    generate(folder(role), role.keys(), random);
    Directories.force(folder(role));
    Directories.force(offline.resolveSibling(NEXT));
  }

  /** Whether a role has as many keys as a ceremony makes. */
  boolean isComplete(RegistryRole role) throws IOException, StorageException {
    return list(folder(role)).size() >= role.keys();
  }

  /** Moves a folder of keys, and waits for the disk. */
  static void move(Path from, Path to) throws IOException {
    Path into = Objects.requireNonNull(to.getParent(), "a folder below keys");
    Files.createDirectories(into);
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Directories.force(into);
    Directories.force(Objects.requireNonNull(from.getParent(), "a folder below keys"));
  }

  /** Folder of the keys that sign nothing any more. */
  Path retired() {
    return offline.resolveSibling("retired");
  }

  /** A folder that is not there yet for a role's present keys. */
  Path retired(RegistryRole role) {
    int number = 1;
    while (Files.exists(retired().resolve(role.id() + '-' + number))) {
      number++;
    }
    return retired().resolve(role.id() + '-' + number);
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
    return first(witness.othersKey());
  }

  /** The public half of the log's key. */
  public VerificationKey logPublic() throws IOException, StorageException {
    return first(online.resolve(LOG));
  }

  /** The public half of the local witness's key. */
  public VerificationKey witnessPublic() throws IOException, StorageException {
    return first(witness.localKey());
  }

  /** Folder of a role's keys. */
  public Path folder(RegistryRole role) {
    if (role == changing) {
      return offline.resolveSibling(NEXT).resolve(role.id());
    }
    return (role.online() ? online : offline).resolve(role.id());
  }

  /** The private keys of a folder, at least one. */
  static List<SigningKey> load(Path folder) throws IOException, StorageException {
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

  private static VerificationKey first(Path folder) throws IOException, StorageException {
    List<VerificationKey> keys = list(folder);
    if (keys.isEmpty()) {
      throw new StorageException.KeysMissing("there is no key in " + folder + RESTORE);
    }
    return keys.getFirst();
  }

  static boolean isEmpty(Path folder) throws IOException, StorageException {
    return list(folder).isEmpty();
  }

  /** The online roles of which metadata names a key that is not here. */
  List<RegistryRole> lost(OfflineRenewal metadata) throws IOException, StorageException {
    List<RegistryRole> lost = new ArrayList<>();
    for (RegistryRole role : RegistryRole.values()) {
      if (role.online() && !holdsNamed(role, metadata)) {
        lost.add(role);
      }
    }
    return lost;
  }

  /**
   * Refuses where metadata names online keys that are not here: new ones would sign what no client
   * believes. Where files that would name them were not made yet, {@link #complete} makes the keys.
   *
   * @param directory the registry's
   * @param metadata what is signed there
   * @throws StorageException.KeysMissing if there are others, or none; the message says what to do
   * @throws StorageException if a key is damaged, or metadata that names lost ones is
   * @throws IOException if files cannot be read
   */
  public void requireNamed(DataDirectory directory, OfflineRenewal metadata)
      throws IOException, StorageException {
    List<String> lost = lost(metadata).stream().map(RegistryRole::id).toList();
    requireOfPolicy(directory);
    if (!lost.isEmpty()) {
      throw new StorageException.KeysMissing(
          "the metadata in "
              + directory.tree().resolve("tuf")
              + " names keys of "
              + String.join(", ", lost)
              + " that are not in "
              + online
              + "; nothing was changed"
              + RESTORE
              + "\n  or, if these keys are lost, bring "
              + offline
              + " here and replace each: "
              + String.join(
                  ", ", lost.stream().map(role -> "raya-registry tuf rotate " + role).toList())
              + " --data-dir "
              + directory.root());
    }
  }

  /**
   * The same for the keys that the served policy of the log names: before it is written anew.
   *
   * @throws StorageException.KeysMissing if there are others, or none
   * @throws StorageException if the policy or a key is damaged
   * @throws IOException if files cannot be read
   */
  void requireOfPolicy(DataDirectory directory) throws IOException, StorageException {
    Path file = directory.tree().resolve("trust/log.policy");
    if (!Files.exists(file)) {
      return;
    }
    LogPolicy policy;
    try {
      policy = LogPolicy.parse(Files.readString(file));
    } catch (SigningException | CharacterCodingException damaged) {
      throw new StorageException(
          file
              + " is damaged: "
              + damaged.getMessage()
              + "; nothing was changed\n  restore the file from the backup that the data directory"
              + " came from",
          damaged);
    }
    String origin = directory.origin();
    List<VerificationKey> log = list(online.resolve(LOG));
    if (log.isEmpty()
        || !names(policy.logs(), LogNames.log(origin), log.getFirst(), NoteKey.Type.ED25519)) {
      throw new StorageException.KeysMissing(
          "the log's key is missing in "
              + online.resolve(LOG)
              + ", and trust/log.policy names it; nothing was changed"
              + RESTORE);
    }
    List<VerificationKey> local = list(witness.localKey());
    if (!isHere(RegistryRole.TARGETS)
        && (local.isEmpty()
            || !names(
                policy.witnesses(),
                LogNames.witness(origin),
                local.getFirst(),
                NoteKey.Type.ED25519_COSIGNATURE))) {
      throw new StorageException.KeysMissing(
          "the local witness's key is missing in "
              + witness.localKey()
              + ", and trust/log.policy names it; nothing was changed"
              + RESTORE
              + "\n  or bring "
              + offline
              + " here for one start: the policy then names a new one");
    }
  }

  /** Whether that key is named, or, in an operator's own policy, none of that name. */
  private static boolean names(
      List<NoteKey> named, String name, VerificationKey key, NoteKey.Type type) {
    return named.contains(NoteKey.of(name, key, type))
        || named.stream().noneMatch(each -> each.name().equals(name));
  }

  /** Whether the key that will sign is one that is named, or none is named yet. */
  private boolean holdsNamed(RegistryRole role, OfflineRenewal metadata)
      throws IOException, StorageException {
    List<VerificationKey> here = list(role);
    try {
      Optional<RoleKeys> named = metadata.named(role);
      return named.isEmpty()
          || (!here.isEmpty()
              && named.get().keyIds().contains(TufKey.of(here.getFirst()).keyId().hex()));
    } catch (TufException | StorageException damaged) {
      if (here.isEmpty()) {
        throw new StorageException(
            "there is no key in "
                + folder(role)
                + ", and metadata is damaged: "
                + damaged.getMessage(),
            damaged);
      }
      // Of no concern to a key that is here: whoever renews the metadata tells of it.
      return true;
    }
  }

  /** The public keys of a role; empty if it has none here. */
  List<VerificationKey> list(RegistryRole role) throws IOException, StorageException {
    return list(folder(role));
  }

  private static List<VerificationKey> list(Path folder) throws IOException, StorageException {
    try {
      return new KeyDirectory(folder).list();
    } catch (SigningException e) {
      throw new StorageException(folder + ": " + e.getMessage(), e);
    }
  }
}
