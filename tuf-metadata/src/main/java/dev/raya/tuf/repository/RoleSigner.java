package dev.raya.tuf.repository;

import dev.raya.cache.digest.Digest;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The online keys and the rules under which they sign. It remembers the last snapshot and timestamp
 * in files of its own, written before an answer is given: whoever speaks to it, from whatever
 * backup, gets nothing signed that is older than what was signed before. Not thread-safe.
 */
public final class RoleSigner implements OnlineSigner {
  /** Largest snapshot that is read back, in bytes. */
  private static final int MAX_SNAPSHOT = 16 << 20;

  private static final Pattern INDEX_PATH =
      Pattern.compile("index/[0-9a-f]{2}/[0-9a-f]{2}/[@a-z0-9._-]{1,256}");
  private static final Set<String> ADVISORY_PATHS =
      Set.of("advisories/osv.json", "advisories/quarantine.json");
  private static final String JSON = ".json";

  private final Map<RegistryRole, SigningKey> keys;
  private final MetadataFiles memory;
  private final InstantSource clock;
  private Role.@Nullable Snapshot snapshot;
  private @Nullable Digest snapshotDigest;
  private long snapshotLength;
  private long timestampVersion;

  /**
   * Takes the keys and reads what was signed last.
   *
   * @param keys one for each online role
   * @param memory files that nobody else writes
   * @throws TufException if they are damaged
   * @throws IOException if they cannot be read
   */
  public RoleSigner(Map<RegistryRole, SigningKey> keys, MetadataFiles memory, InstantSource clock)
      throws TufException, IOException {
    this.keys = new LinkedHashMap<>(keys);
    this.memory = memory;
    this.clock = clock;
    byte[] lastSnapshot = memory.read(RegistryRole.SNAPSHOT.file()).orElse(null);
    if (lastSnapshot != null) {
      remember(lastSnapshot, RoleReader.snapshot(lastSnapshot, MAX_SNAPSHOT).role());
    }
    byte[] lastTimestamp = memory.read(RegistryRole.TIMESTAMP.file()).orElse(null);
    if (lastTimestamp != null) {
      timestampVersion = RoleReader.timestamp(lastTimestamp).role().version();
    }
  }

  private void remember(byte[] document, Role.Snapshot role) {
    snapshot = role;
    snapshotDigest = Digest.of(document);
    snapshotLength = document.length;
  }

  @Override
  public Optional<byte[]> lastSnapshot() throws IOException {
    return memory.read(RegistryRole.SNAPSHOT.file());
  }

  @Override
  public byte[] bin(String bin, long version, Map<String, Role.TargetFile> targets)
      throws TufException {
    require(HashBin.isName(bin), bin + " is no bin");
    requireNewer(bin + ".json", version);
    for (Map.Entry<String, Role.TargetFile> target : targets.entrySet()) {
      String path = target.getKey();
      require(INDEX_PATH.matcher(path).matches(), path + " is no index document");
      require(HashBin.of(path).equals(bin), path + " does not fall into " + bin);
      requireDigest(path, target.getValue());
    }
    requireParity(version, targets.isEmpty());
    return targets(RegistryRole.BIN, version, targets);
  }

  @Override
  public byte[] emptyBin(long version) throws TufException {
    require(version > 0, "versions begin at 1");
    requireParity(version, true);
    return targets(RegistryRole.BIN, version, Map.of());
  }

  @Override
  public byte[] advisories(long version, Map<String, Role.TargetFile> targets) throws TufException {
    requireNewer(RegistryRole.ADVISORIES.file(), version);
    for (Map.Entry<String, Role.TargetFile> target : targets.entrySet()) {
      require(
          ADVISORY_PATHS.contains(target.getKey()),
          target.getKey() + " is not for the advisories role");
      requireDigest(target.getKey(), target.getValue());
    }
    return targets(RegistryRole.ADVISORIES, version, targets);
  }

  private byte[] targets(RegistryRole role, long version, Map<String, Role.TargetFile> targets) {
    return RoleWriter.sign(
        new Role.Targets(version, expiry(role), new TreeMap<>(targets), null), signedBy(role));
  }

  @Override
  public byte[] snapshot(Map<String, Long> files) throws TufException, IOException {
    Map<String, Role.MetaFile> named = new TreeMap<>();
    for (Map.Entry<String, Long> file : files.entrySet()) {
      require(isRoleFile(file.getKey()), file.getKey() + " is of no role");
      require(file.getValue() > 0, file.getKey() + ": versions begin at 1");
      named.put(file.getKey(), new Role.MetaFile(file.getValue(), null, Map.of()));
    }
    long version = 1;
    Role.Snapshot last = snapshot;
    if (last != null) {
      version = last.version() + 1;
      for (Map.Entry<String, Role.MetaFile> file : last.files().entrySet()) {
        Role.MetaFile newer = named.get(file.getKey());
        require(newer != null, "the snapshot would no longer name " + file.getKey());
        long found = Objects.requireNonNull(newer).version();
        require(
            found >= file.getValue().version(),
            file.getKey()
                + " would go back from version "
                + file.getValue().version()
                + " to "
                + found);
      }
    }
    Role.Snapshot next = new Role.Snapshot(version, expiry(RegistryRole.SNAPSHOT), named);
    byte[] document = RoleWriter.sign(next, signedBy(RegistryRole.SNAPSHOT));
    memory.write(RegistryRole.SNAPSHOT.file(), document);
    remember(document, next);
    return document;
  }

  @Override
  public byte[] timestamp(Digest digest) throws TufException, IOException {
    Role.Snapshot last = snapshot;
    if (last == null || !digest.equals(snapshotDigest)) {
      throw refused("the snapshot signed last is not " + digest);
    }
    Role.MetaFile named =
        new Role.MetaFile(last.version(), snapshotLength, Map.of("sha256", digest.hex()));
    Role.Timestamp next =
        new Role.Timestamp(timestampVersion + 1, expiry(RegistryRole.TIMESTAMP), named);
    byte[] document = RoleWriter.sign(next, signedBy(RegistryRole.TIMESTAMP));
    memory.write(RegistryRole.TIMESTAMP.file(), document);
    timestampVersion = next.version();
    return document;
  }

  private Instant expiry(RegistryRole role) {
    Duration life = role.life();
    return clock.instant().plus(life);
  }

  private List<SigningKey> signedBy(RegistryRole role) {
    return List.of(
        Objects.requireNonNull(keys.get(role), () -> "there is no key of role " + role.id()));
  }

  private static boolean isRoleFile(String name) {
    for (RegistryRole role : RegistryRole.values()) {
      if (role.delegated() && name.equals(role.file())) {
        return true;
      }
    }
    if (!name.endsWith(JSON)) {
      return false;
    }
    String role = name.substring(0, name.length() - JSON.length());
    return name.equals(RegistryRole.TARGETS.file())
        || ClaimBins.isName(role)
        || HashBin.isName(role);
  }

  private void requireNewer(String file, long version) throws TufException {
    Role.Snapshot last = snapshot;
    Role.MetaFile known = last == null ? null : last.files().get(file);
    long least = known == null ? 1 : known.version() + 1;
    require(version >= least, file + ": expected version " + least + " or later, not " + version);
  }

  private static void requireParity(long version, boolean empty) throws TufException {
    require(
        HashBin.isFor(version, empty),
        "versions of bins " + (empty ? "without targets are odd" : "with targets are even"));
  }

  private static void requireDigest(String path, Role.TargetFile file) throws TufException {
    String hex = file.hashes().get("sha256");
    require(
        file.hashes().size() == 1 && hex != null && Digest.isHex(hex) && file.length() >= 0,
        path + " is not named by its SHA-256");
  }

  private static void require(boolean holds, String otherwise) throws TufException {
    if (!holds) {
      throw refused(otherwise);
    }
  }

  private static TufException refused(String why) {
    return new TufException(Code.METADATA_REFUSED, "signer: " + why);
  }
}
