package dev.raya.registry.trust;

import dev.raya.cache.disk.AtomicFile;
import dev.raya.cache.disk.Directories;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.registry.storage.DataDirectory;
import dev.raya.registry.storage.DirectoryStaticTree;
import dev.raya.registry.storage.StaticTree;
import dev.raya.registry.storage.StorageException;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.MetadataFiles;
import dev.raya.tuf.repository.OnlineRepository;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The rotation of one role's keys, in steps that a kill may cut off anywhere: {@code keys/rotation}
 * says that there is one, each step is seen from the files it leaves, and doing one again does no
 * harm. New keys lie in {@code keys/next} until metadata names them; then they take the former
 * ones' place, which go to {@code keys/retired}; then everything is signed with them. One thread,
 * and no server beside it (docs/decisions/0351).
 */
public final class Rotation {
  private static final String SCHEMA = "raya/rotation/1";

  private final DataDirectory directory;
  private final MetadataFiles files;
  private final TrustKeys keys;
  private final OnlineKeys online;
  private final SecureRandom random;
  private final InstantSource clock;

  /** What was begun: the role, and the folder that its former keys go to. */
  private record Begun(RegistryRole role, Path retired) {}

  /** Takes the data directory, its folder of metadata, and what opens its online keys. */
  public Rotation(
      DataDirectory directory,
      MetadataFiles files,
      OnlineKeys online,
      SecureRandom random,
      InstantSource clock) {
    this.directory = directory;
    this.files = files;
    this.keys = new TrustKeys(directory);
    this.online = online;
    this.random = random;
    this.clock = clock;
  }

  /** The role whose rotation was begun and not ended. */
  public Optional<RegistryRole> begun() throws IOException, StorageException {
    return read().map(Begun::role);
  }

  /**
   * Begins one. What cannot be signed with new keys is refused before anything is replaced.
   *
   * @throws StorageException if keys are missing or damaged, or metadata is not signed by them
   * @throws TufException if a file is damaged
   * @throws IOException if files cannot be read or written
   */
  public void begin(RegistryRole role) throws StorageException, TufException, IOException {
    for (RegistryRole needed : needed(role)) {
      if (!keys.isHere(needed)) {
        throw new StorageException(
            "the keys of the role " + needed.id() + " are not in " + keys.folder(needed));
      }
    }
    new OfflineRenewal(files, keys, clock).renew(targets(directory, directory.origin()));
    Path retired = keys.retired(role);
    AtomicFile.write(
        journal(),
        CanonicalJson.bytes(
            Json.object()
                .put("schema", SCHEMA)
                .put("role", role.id())
                .put("retired", String.valueOf(retired.getFileName()))
                .build()));
  }

  /** The offline roles that sign what names a role's keys, and the role itself. */
  private static List<RegistryRole> needed(RegistryRole role) {
    List<RegistryRole> needed =
        role == RegistryRole.BIN
            ? List.of(RegistryRole.ROOT, RegistryRole.TARGETS, RegistryRole.PACKAGES)
            : List.of(RegistryRole.ROOT, RegistryRole.TARGETS, role);
    return needed.stream().filter(each -> !each.online()).toList();
  }

  /**
   * Does the next step of what was begun. The last one signs everything anew, unless keys of other
   * online roles were lost, whose rotation will.
   *
   * @return whether there is another one
   * @throws StorageException if keys are missing or damaged
   * @throws TufException if a file is damaged or clients would not accept what is signed
   * @throws IOException if files cannot be read or written
   */
  public boolean step() throws StorageException, TufException, IOException {
    Optional<Begun> begun = read();
    if (begun.isEmpty()) {
      return false;
    }
    RegistryRole role = begun.get().role();
    Path retired = begun.get().retired();
    TrustKeys upcoming = keys.upcoming(role);
    if (!Files.exists(retired)) {
      OfflineRenewal named = new OfflineRenewal(files, upcoming, clock);
      if (!upcoming.isComplete(role)) {
        upcoming.complete(role, random);
      } else if (!named.isNamed(role)) {
        named.name(role, former(keys.folder(role)));
      } else if (Files.isDirectory(keys.folder(role))) {
        TrustKeys.move(keys.folder(role), retired);
      } else {
        // The former keys were lost; the empty folder says that this step is done.
        Files.createDirectories(retired);
        Directories.force(keys.retired());
      }
      return true;
    }
    if (Files.exists(upcoming.folder(role))) {
      TrustKeys.move(upcoming.folder(role), keys.folder(role));
      return true;
    }
    String origin = directory.origin();
    List<SigningKey> former = former(retired);
    SortedMap<String, Long> offline =
        new OfflineRenewal(files, keys, clock)
            .renewRotated(targets(directory, origin), role, former);
    if (lost().isEmpty()) {
      signAnew(offline);
    } else {
      // The lost key may be restored instead of replaced; then nothing else would sign.
      AtomicFile.write(unsigned(), new byte[0]);
    }
    Files.delete(journal());
    return false;
  }

  private void signAnew(SortedMap<String, Long> offline)
      throws StorageException, TufException, IOException {
    new OnlineRepository(files, online.open(directory, directory.origin(), clock), clock)
        .signAnew(offline);
    Files.deleteIfExists(unsigned());
  }

  /**
   * Signs everything anew if a rotation left that out because another online key was lost, and none
   * is lost any more.
   *
   * @return whether it was signed now
   * @throws StorageException if keys are damaged
   * @throws TufException if a file is damaged
   * @throws IOException if files cannot be read or written
   */
  public boolean signOwed() throws StorageException, TufException, IOException {
    if (!Files.exists(unsigned()) || !lost().isEmpty()) {
      return false;
    }
    OfflineRenewal renewal = new OfflineRenewal(files, keys, clock);
    signAnew(renewal.renew(renewal.named()));
    return true;
  }

  /**
   * The online roles whose keys were lost: until they are rotated or restored, nothing is signed.
   *
   * @throws StorageException if keys are damaged
   * @throws IOException if files cannot be read
   */
  public List<RegistryRole> lost() throws StorageException, IOException {
    return keys.lost(new OfflineRenewal(files, keys, clock));
  }

  /** Those of an online role may be lost: nothing that they signed is needed to replace them. */
  private static List<SigningKey> former(Path folder) throws IOException, StorageException {
    return TrustKeys.isEmpty(folder) ? List.of() : TrustKeys.load(folder);
  }

  /**
   * Ends what was begun, if it was.
   *
   * @throws StorageException as {@link #step}
   * @throws TufException as {@link #step}
   * @throws IOException as {@link #step}
   */
  public void finish() throws StorageException, TufException, IOException {
    boolean more = read().isPresent();
    while (more) {
      more = step();
    }
  }

  /**
   * Whether what was begun can be ended with the keys that are here. If not, and nothing names the
   * new keys yet, a registry goes on with the former ones.
   *
   * @throws StorageException if keys are damaged
   * @throws TufException if a file is damaged
   * @throws IOException if files cannot be read
   */
  public boolean canFinish() throws StorageException, TufException, IOException {
    Optional<Begun> begun = read();
    if (begun.isEmpty() || Files.exists(begun.get().retired())) {
      return true;
    }
    RegistryRole role = begun.get().role();
    TrustKeys upcoming = keys.upcoming(role);
    if (upcoming.isComplete(role) && new OfflineRenewal(files, upcoming, clock).isNamed(role)) {
      return true;
    }
    for (RegistryRole needed : needed(role)) {
      if (!keys.isHere(needed)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The files below {@code trust/}, written, as the targets role is to name them.
   *
   * @throws StorageException.KeysMissing if the served policy of the log names other keys
   * @throws StorageException if keys or files of the operator's are damaged
   * @throws IOException if files cannot be read or written
   */
  public static Map<String, Role.TargetFile> targets(DataDirectory directory, String origin)
      throws StorageException, IOException {
    StaticTree tree = new DirectoryStaticTree(directory.tree());
    TrustKeys keys = new TrustKeys(directory);
    keys.requireOfPolicy(directory);
    Map<String, Role.TargetFile> targets = new LinkedHashMap<>();
    for (Map.Entry<String, byte[]> file : TrustFiles.of(directory, keys, origin).entrySet()) {
      TrustFiles.write(tree, file.getKey(), file.getValue());
      targets.put(file.getKey(), TrustFiles.target(file.getValue()));
    }
    return targets;
  }

  /** Is there while what a rotation left is not signed with the new keys. */
  private Path unsigned() {
    return directory.keys().resolve("unsigned");
  }

  private Path journal() {
    return directory.keys().resolve("rotation");
  }

  private Optional<Begun> read() throws IOException, StorageException {
    if (!Files.exists(journal())) {
      return Optional.empty();
    }
    try {
      JsonFields fields = JsonFields.root(JsonReader.read(Files.readAllBytes(journal())));
      if (!fields.string("schema").equals(SCHEMA)) {
        throw fields.fault("schema", "expected " + SCHEMA);
      }
      String retired = fields.string("retired");
      for (RegistryRole role : RegistryRole.values()) {
        if (role.id().equals(fields.string("role"))
            && retired.matches(role.id() + "-[1-9][0-9]{0,5}")) {
          return Optional.of(new Begun(role, keys.retired().resolve(retired)));
        }
      }
      throw fields.fault("role", "expected a role and a folder of its former keys");
    } catch (JsonException malformed) {
      throw new StorageException(journal() + ": " + malformed.getMessage(), malformed);
    }
  }
}
