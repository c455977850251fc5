package dev.raya.tuf.client;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.disk.AtomicFile;
import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.Role.Kind;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.SignedRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The client's workflow (specification, section 5) over a folder of trusted metadata. Each role is
 * written to the folder once everything about it was checked and before the next one is asked for,
 * so that a failure keeps what was proved until then. Expiry is judged at one fixed time. Not
 * thread-safe; one client a folder at a time.
 */
public final class TufClient {
  /** Most new roots in one refresh. */
  private static final int MAX_NEW_ROOTS = 256;

  /** Largest snapshot, whatever the timestamp says, in bytes. */
  private static final int MAX_SNAPSHOT_BYTES = 16 << 20;

  /** Largest target file, in bytes. */
  private static final long MAX_TARGET_BYTES = 1L << 40;

  /** What follows the path of a target in the name of the role that names it. */
  private static final String NAMED_BY = "@";

  /** A role that is not held. */
  private static final Role.Targets NOTHING = new Role.Targets(1, Instant.EPOCH, Map.of(), null);

  private final MetadataFolder folder;
  private final TufSource source;
  private final Instant now;
  private @Nullable TrustedSet trusted;

  /** Roles that were verified since the last refresh, each by the word of that delegator alone. */
  private final Map<Delegation, Role.Targets> verified = new HashMap<>();

  /** A role by the word of a delegator; found by its name alone, since a delegator is large. */
  private record Delegation(String role, Delegator delegator) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Delegation same
          && role.equals(same.role)
          && (delegator == same.delegator || delegator.equals(same.delegator));
    }

    @Override
    public int hashCode() {
      return role.hashCode();
    }
  }

  /**
   * What a refresh proved.
   *
   * @param root the newest root
   * @param timestamp what names the snapshot
   * @param snapshot what names the version of every other role
   * @param targets the top-level targets
   */
  public record TrustedSet(
      Role.Root root, Role.Timestamp timestamp, Role.Snapshot snapshot, Role.Targets targets) {}

  /**
   * Makes a client; nothing is read yet.
   *
   * @param folder as {@link #init} left it
   * @param source where the repository's files come from
   * @param now what is past this time has expired
   */
  public TufClient(Path folder, TufSource source, Instant now) {
    this.folder = new MetadataFolder(folder);
    this.source = source;
    this.now = now;
  }

  /**
   * A client of what a folder holds, which asks nobody: signatures and versions count, and nothing
   * expires (security.md, Offline).
   */
  public static TufClient held(Path folder) {
    return taking(folder, folder);
  }

  /**
   * A client that takes over what another folder holds, by the same rules, and asks nobody; nothing
   * expires.
   *
   * @param folder as {@link #init} left it
   * @param from a folder that another client filled; it is not believed
   */
  public static TufClient taking(Path folder, Path from) {
    return new TufClient(folder, new HeldSource(from), Instant.EPOCH);
  }

  /**
   * Begins to trust a root, of any version.
   *
   * @throws TufException if it is malformed or not signed by its own threshold, or the folder
   *     already trusts another one
   * @throws IOException if the folder cannot be written
   */
  public static void init(Path folder, byte[] root) throws TufException, IOException {
    MetadataFolder files = new MetadataFolder(folder);
    ownRoot(root);
    byte[] present = files.read(Kind.ROOT.id(), RoleReader.MAX_BYTES);
    if (present != null && !Arrays.equals(present, root)) {
      throw new TufException(Code.OTHER_ROOT, folder + " already trusts another root");
    }
    files.write(Kind.ROOT.id(), root);
  }

  /**
   * Begins anew where the root that a folder holds is damaged. Roots that were followed since the
   * first one are kept by their numbers and followed again before anybody is asked, so that nobody
   * can lead this folder back to one that was replaced.
   *
   * @param first what this folder has trusted from the beginning
   * @return whether there was anything to mend
   * @throws TufException if the first root is malformed or not signed by its own threshold
   * @throws IOException if the folder cannot be read or written
   */
  public static boolean mendRoot(Path folder, byte[] first) throws TufException, IOException {
    MetadataFolder files = new MetadataFolder(folder);
    byte[] present = files.read(Kind.ROOT.id(), RoleReader.MAX_BYTES);
    if (stillSigned(present, TufClient::ownRoot) != null) {
      return false;
    }
    ownRoot(first);
    files.write(Kind.ROOT.id(), first);
    return true;
  }

  /**
   * The files of the roots that a folder keeps by their numbers, those that were followed among
   * them. Nothing is verified.
   *
   * @return version to file
   * @throws IOException if the folder cannot be read
   */
  public static SortedMap<Long, Path> numberedRoots(Path folder) throws IOException {
    return new MetadataFolder(folder).roots();
  }

  /**
   * Brings the four top-level roles up to date.
   *
   * @throws TufException if one is malformed, missing, not signed by enough keys, older than what
   *     was seen before, not the one that the others name, or expired
   * @throws IOException if the source gives no answer or the folder cannot be written
   * @throws InterruptedException if the thread was interrupted
   */
  public void refresh() throws TufException, IOException, InterruptedException {
    trusted = null;
    verified.clear();
    Role.Root root = newestRoot();
    Role.Timestamp timestamp = timestamp(root);
    Role.Snapshot snapshot = snapshot(root, timestamp);
    Role.Targets targets =
        targets(root, snapshot, Kind.TARGETS.id(), Delegator.of(root, Kind.TARGETS));
    trusted = new TrustedSet(root, timestamp, snapshot, targets);
  }

  /**
   * What the last refresh proved; refreshes first if that was not done yet.
   *
   * @throws TufException as {@link #refresh}
   * @throws IOException as {@link #refresh}
   * @throws InterruptedException if the thread was interrupted
   */
  public TrustedSet trusted() throws TufException, IOException, InterruptedException {
    return refreshed();
  }

  /**
   * Looks a target up, in the order of the delegations; refreshes first if that was not done yet.
   *
   * @return its length and hashes, or nothing if no role that may speak for the path names it
   * @throws TufException as {@link #refresh}, also about delegated roles
   * @throws IOException as {@link #refresh}
   * @throws InterruptedException if the thread was interrupted
   */
  public Optional<Role.TargetFile> find(String targetPath)
      throws TufException, IOException, InterruptedException {
    TrustedSet set = refreshed();
    return new TargetSearch(
            (role, delegator) -> targets(set.root(), set.snapshot(), role, delegator))
        .find(targetPath, set.targets());
  }

  /**
   * Fetches a target into a folder, unless it is there already with the right length and hashes.
   *
   * @param targetFolder where it is kept, under its quoted name
   * @return the file
   * @throws TufException as {@link #find}, or if there is no such target or its file is another
   * @throws IOException as {@link #refresh}
   * @throws InterruptedException if the thread was interrupted
   */
  public Path download(String targetPath, Path targetFolder)
      throws TufException, IOException, InterruptedException {
    Role.TargetFile target =
        find(targetPath).orElseThrow(() -> refused("no role names the target " + targetPath));
    String what = "target " + targetPath;
    String hash = FileHashes.prefix(target.hashes());
    if (hash == null || target.length() > MAX_TARGET_BYTES) {
      throw refused(what + " has no hash that can be checked, or is too large");
    }
    Path file = targetFolder.resolve(Quoting.fileName(targetPath));
    if (Files.isRegularFile(file) && isTarget(what, file, target)) {
      return file;
    }
    Files.createDirectories(targetFolder);
    // Named like the arriving files of roles, and for the same reason.
    Path arriving = Files.createFile(targetFolder.resolve(MetadataFolder.arriving() + ".part"));
    try {
      boolean consistent = refreshed().root().consistentSnapshot();
      String path = targetAddress(targetPath, consistent ? hash + '.' : "");
      if (!source.target(path, arriving, target.length())) {
        throw refused("there is no " + path);
      }
      FileHashes.check(what, arriving, target);
      Files.move(
          arriving,
          file,
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(arriving);
    }
    return file;
  }

  /**
   * Fetches a target as {@link #download} does, and keeps the role that names it beside it: {@link
   * #lastSeen} then knows who vouched for the file also when the folder holds a newer role, which
   * came with another target. The role comes first, so that a kill leaves no file without one.
   *
   * @param targetFolder where both are kept
   * @return the file
   * @throws TufException as {@link #download}
   * @throws IOException as {@link #refresh}
   * @throws InterruptedException if the thread was interrupted
   */
  public Path downloadWithRole(String targetPath, Path targetFolder)
      throws TufException, IOException, InterruptedException {
    TrustedSet set = refreshed();
    String[] naming = {Kind.TARGETS.id()};
    Optional<Role.TargetFile> target =
        new TargetSearch(
                (role, delegator) -> {
                  naming[0] = role;
                  return targets(set.root(), set.snapshot(), role, delegator);
                })
            .find(targetPath, set.targets());
    byte[] role = folder.read(naming[0], RoleReader.MAX_BYTES);
    String hash = target.isEmpty() ? null : target.get().hashes().get("sha256");
    if (hash != null && role != null) {
      MetadataFolder kept = new MetadataFolder(targetFolder);
      String name = keptName(targetPath, hash);
      if (!Arrays.equals(role, kept.read(name, RoleReader.MAX_BYTES))) {
        kept.writeUnforced(name, role);
      }
      Path file = download(targetPath, targetFolder);
      kept.deleteOthers(targetPath + NAMED_BY, name);
      return file;
    }
    return download(targetPath, targetFolder);
  }

  /** Under which name the role is kept that names a file with this hash. */
  private static String keptName(String targetPath, String hash) {
    return targetPath + NAMED_BY + hash.substring(0, Math.min(hash.length(), 16));
  }

  /**
   * A target as it was when this folder saw it last.
   *
   * @param role the role that names it
   * @param file its file, which is what the role says
   * @param roleFile the role's file
   */
  public record LastSeen(Role.Targets role, Path file, Path roleFile) {}

  /**
   * Looks a target up in the roles that the folder holds, whether or not the snapshot names newer
   * ones that nobody asked for: for lists of which an old one is better than none. If the role that
   * is held names another file than the one that is here, the role counts that was kept with it; if
   * it names none, only where the kept one is newer. Signatures count as always. Nobody is asked.
   *
   * @param targetFolder where {@link #downloadWithRole} kept it
   * @return nothing if the newest role that is here does not name it, or its file was never here
   * @throws TufException as {@link #refresh}, or if a file is here that no role vouches for
   * @throws IOException if the folder cannot be read
   * @throws InterruptedException if the thread was interrupted
   */
  public Optional<LastSeen> lastSeen(String targetPath, Path targetFolder)
      throws TufException, IOException, InterruptedException {
    Path file = targetFolder.resolve(Quoting.fileName(targetPath));
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    String what = "target " + targetPath;
    Naming naming = naming(targetPath);
    Role.Targets held = naming.held();
    Role.TargetFile target = held == null ? null : held.targets().get(targetPath);
    if (held != null && target != null && isTarget(what, file, target)) {
      return Optional.of(new LastSeen(held, file, folder.file(naming.delegation().role())));
    }
    MetadataFolder kept = new MetadataFolder(targetFolder);
    String name = keptName(targetPath, Digest.ofFile(file).hex());
    Role.Targets before = held(kept.read(name, RoleReader.MAX_BYTES), naming.delegation());
    if (held != null && target == null && (before == null || before.version() <= held.version())) {
      return Optional.empty();
    }
    Role.TargetFile named = before == null ? null : before.targets().get(targetPath);
    if (before == null || named == null || !isTarget(what, file, named)) {
      throw refused(what + " as it lies here is none that signed metadata names");
    }
    return Optional.of(new LastSeen(before, file, kept.file(name)));
  }

  /**
   * Takes over a target that another home saw last, with the role that names it, unless this one
   * saw it in a newer role. Nothing expires, and nobody is asked.
   *
   * @param targetFolder where {@link #lastSeen} finds it
   * @param content the target
   * @param role the file of the role that names it
   * @return whether it was taken
   * @throws TufException if the role is not signed by those who may speak for the target, or names
   *     another one
   * @throws IOException if the folders cannot be read or written
   * @throws InterruptedException if the thread was interrupted
   */
  public boolean takeSeen(String targetPath, Path targetFolder, byte[] content, byte[] role)
      throws TufException, IOException, InterruptedException {
    Naming naming = naming(targetPath);
    Delegation by = naming.delegation();
    Role.Targets found = by.delegator().verify(by.role(), RoleReader.targets(role));
    Role.TargetFile target = found.targets().get(targetPath);
    String hash = target == null ? null : target.hashes().get("sha256");
    if (target == null || hash == null) {
      throw refused("the role " + by.role() + " does not name the target " + targetPath);
    }
    requireTarget(targetPath, content, target);
    if (naming.held() != null && naming.held().version() > found.version()) {
      return false;
    }
    Optional<LastSeen> before;
    try {
      before = lastSeen(targetPath, targetFolder);
    } catch (TufException damaged) {
      before = Optional.empty();
    }
    if (before.isPresent() && before.get().role().version() >= found.version()) {
      return false;
    }
    MetadataFolder kept = new MetadataFolder(targetFolder);
    kept.write(keptName(targetPath, hash), role);
    AtomicFile.write(targetFolder.resolve(Quoting.fileName(targetPath)), content);
    kept.deleteOthers(targetPath + NAMED_BY, keptName(targetPath, hash));
    return true;
  }

  /**
   * Who speaks for a target.
   *
   * @param held the role as the folder holds it, or null
   */
  private record Naming(Delegation delegation, Role.@Nullable Targets held) {}

  /** The role at which a search for a target ends, over what is held, however old. */
  private Naming naming(String targetPath) throws TufException, IOException, InterruptedException {
    TrustedSet set = refreshed();
    Naming[] last = {
      new Naming(
          new Delegation(Kind.TARGETS.id(), Delegator.of(set.root(), Kind.TARGETS)), set.targets())
    };
    new TargetSearch(
            (role, delegator) -> {
              Delegation delegation = new Delegation(role, delegator);
              Role.Targets held = held(folder.read(role, RoleReader.MAX_BYTES), delegation);
              last[0] = new Naming(delegation, held);
              return held == null ? NOTHING : held;
            })
        .find(targetPath, set.targets());
    return last[0];
  }

  private static Role.@Nullable Targets held(byte @Nullable [] document, Delegation by) {
    return stillSigned(
        document, bytes -> by.delegator().verify(by.role(), RoleReader.targets(bytes)));
  }

  /**
   * Checks bytes that came another way against what {@link #find} said of a target.
   *
   * @throws TufException if length or a hash is another, or no hash is of a known algorithm
   */
  public static void requireTarget(String targetPath, byte[] content, Role.TargetFile target)
      throws TufException {
    if (FileHashes.prefix(target.hashes()) == null) {
      throw refused("target " + targetPath + " has no hash that can be checked");
    }
    FileHashes.check(
        "target " + targetPath, content, new Role.MetaFile(1, target.length(), target.hashes()));
  }

  /** A file of an earlier version of the target, or a damaged one, is simply fetched anew. */
  private static boolean isTarget(String what, Path file, Role.TargetFile target)
      throws IOException {
    try {
      FileHashes.check(what, file, target);
      return true;
    } catch (TufException other) {
      return false;
    }
  }

  /** Where {@link #download} keeps a target below its folder. */
  public static String fileName(String targetPath) {
    return Quoting.fileName(targetPath);
  }

  private static String targetAddress(String targetPath, String prefix) throws TufException {
    String[] segments = targetPath.split("/", -1);
    StringBuilder address = new StringBuilder();
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw refused("target path " + targetPath + " has an empty or dotted segment");
      }
      address.append(i == 0 ? "" : "/");
      address.append(i == segments.length - 1 ? prefix : "").append(Quoting.segment(segment));
    }
    return address.toString();
  }

  private TrustedSet refreshed() throws TufException, IOException, InterruptedException {
    if (trusted == null) {
      refresh();
    }
    TrustedSet set = trusted;
    if (set == null) {
      throw new IllegalStateException("a refresh that does not fail leaves a trusted set");
    }
    return set;
  }

  private static Role.Root ownRoot(byte[] document) throws TufException {
    SignedRole<Role.Root> signed = RoleReader.root(document);
    return Delegator.of(signed.role(), Kind.ROOT).verify(signed);
  }

  /** Section 5.3: each root is signed by its predecessor's keys and by its own. */
  private Role.Root newestRoot() throws TufException, IOException, InterruptedException {
    byte[] kept = folder.read(Kind.ROOT.id(), RoleReader.MAX_BYTES);
    if (kept == null) {
      throw refused("no root is trusted yet");
    }
    Role.Root root = ownRoot(kept);
    for (int count = 0; ; count++) {
      long version = root.version() + 1;
      Optional<byte[]> next = followed(root, version);
      boolean known = next.isPresent();
      if (!known) {
        next = source.metadata(version + ".root.json", RoleReader.MAX_BYTES);
      }
      if (next.isEmpty()) {
        break;
      }
      if (count == MAX_NEW_ROOTS) {
        throw refused("more than " + MAX_NEW_ROOTS + " new roots at once; refresh again");
      }
      SignedRole<Role.Root> signed = RoleReader.root(next.get());
      Delegator.of(root, Kind.ROOT).verify(signed);
      Role.Root newer = ownRoot(next.get());
      requireVersion("root", version, newer.version());
      if (!known && (revokes(newer, root, Kind.TIMESTAMP) || revokes(newer, root, Kind.SNAPSHOT))) {
        // Whoever held the old keys may have run versions up; the new ones begin anew (5.3.11).
        // Deleted before the root is written: a kill between must not keep what was revoked. So
        // what lies here beside a root that was followed before came after it, and stays: without
        // it a mirror could lead a mended folder back.
        folder.delete(Kind.TIMESTAMP.id());
        folder.delete(Kind.SNAPSHOT.id());
      }
      // Kept by its number too: whoever is handed this folder can follow the chain from the first.
      folder.writeRoot(version, next.get());
      folder.write(Kind.ROOT.id(), next.get());
      root = newer;
    }
    requireFresh("root", root);
    return root;
  }

  /** A root that this folder followed before, if it is as it was. */
  private Optional<byte[]> followed(Role.Root by, long version) throws IOException {
    byte[] kept = folder.readRoot(version, RoleReader.MAX_BYTES);
    Role.Root signed =
        stillSigned(
            kept, document -> Delegator.of(by, Kind.ROOT).verify(RoleReader.root(document)));
    return signed == null || kept == null ? Optional.empty() : Optional.of(kept);
  }

  private static boolean revokes(Role.Root newer, Role.Root older, Kind role) {
    return Delegator.of(newer, role).revokes(Delegator.of(older, role));
  }

  /** Section 5.4. */
  private Role.Timestamp timestamp(Role.Root root)
      throws TufException, IOException, InterruptedException {
    Delegator signers = Delegator.of(root, Kind.TIMESTAMP);
    byte[] kept = folder.read(Kind.TIMESTAMP.id(), RoleReader.MAX_TIMESTAMP_BYTES);
    Role.Timestamp last =
        stillSigned(kept, document -> signers.verify(RoleReader.timestamp(document)));
    byte[] document =
        source
            .metadata("timestamp.json", RoleReader.MAX_TIMESTAMP_BYTES)
            .orElseThrow(() -> refused("there is no timestamp.json"));
    // What is held and offered again was verified a moment ago.
    Role.Timestamp found =
        last != null && Arrays.equals(kept, document)
            ? last
            : signers.verify(RoleReader.timestamp(document));
    if (last != null) {
      requireNotOlder("timestamp", last.version(), found.version());
      if (last.version() == found.version()) {
        requireFresh("timestamp", last);
        return last;
      }
      requireNotOlder(
          "snapshot that the timestamp names",
          last.snapshot().version(),
          found.snapshot().version());
    }
    requireFresh("timestamp", found);
    folder.write(Kind.TIMESTAMP.id(), document);
    return found;
  }

  /** Section 5.5. */
  private Role.Snapshot snapshot(Role.Root root, Role.Timestamp timestamp)
      throws TufException, IOException, InterruptedException {
    Delegator signers = Delegator.of(root, Kind.SNAPSHOT);
    Role.MetaFile named = timestamp.snapshot();
    byte[] kept = folder.read(Kind.SNAPSHOT.id(), MAX_SNAPSHOT_BYTES);
    Role.Snapshot last =
        stillSigned(
            kept, document -> signers.verify(RoleReader.snapshot(document, MAX_SNAPSHOT_BYTES)));
    if (kept != null && last != null && isCurrent(kept, last, named)) {
      return last;
    }
    int limit = limit(named, MAX_SNAPSHOT_BYTES);
    byte[] document = fetch(root, Kind.SNAPSHOT.id(), named, limit);
    FileHashes.check("snapshot", document, named);
    Role.Snapshot found = signers.verify(RoleReader.snapshot(document, limit));
    requireVersion("snapshot", named.version(), found.version());
    if (last != null) {
      requireNotOlder("snapshot", last.version(), found.version());
      for (Map.Entry<String, Role.MetaFile> file : last.files().entrySet()) {
        Role.MetaFile newer = found.files().get(file.getKey());
        if (newer == null) {
          throw refused("snapshot " + found.version() + " no longer names " + file.getKey());
        }
        requireNotOlder(file.getKey(), file.getValue().version(), newer.version());
      }
    }
    requireFresh("snapshot", found);
    folder.write(Kind.SNAPSHOT.id(), document);
    return found;
  }

  /** A role is read and verified once between two refreshes, however many targets it names. */
  private Role.Targets targets(
      Role.Root root, Role.Snapshot snapshot, String role, Delegator delegator)
      throws TufException, IOException, InterruptedException {
    Delegation delegation = new Delegation(role, delegator);
    Role.Targets before = verified.get(delegation);
    if (before == null) {
      before = read(root, snapshot, role, delegator);
      verified.put(delegation, before);
    }
    return before;
  }

  /** Sections 5.6 and 5.7: a targets role as the snapshot names it, by the word of a delegator. */
  private Role.Targets read(
      Role.Root root, Role.Snapshot snapshot, String role, Delegator delegator)
      throws TufException, IOException, InterruptedException {
    Role.MetaFile named = snapshot.files().get(role + ".json");
    if (named == null) {
      throw refused("snapshot " + snapshot.version() + " does not name " + role + ".json");
    }
    byte[] kept = folder.read(role, RoleReader.MAX_BYTES);
    Role.Targets last =
        stillSigned(kept, document -> delegator.verify(role, RoleReader.targets(document)));
    if (kept != null && last != null && isCurrent(kept, last, named)) {
      return last;
    }
    byte[] document = fetch(root, role, named, limit(named, RoleReader.MAX_BYTES));
    FileHashes.check(role, document, named);
    Role.Targets found = delegator.verify(role, RoleReader.targets(document));
    requireVersion(role, named.version(), found.version());
    requireFresh(role, found);
    folder.writeUnforced(role, document);
    return found;
  }

  private byte[] fetch(Role.Root root, String role, Role.MetaFile named, int limit)
      throws TufException, IOException, InterruptedException {
    String path =
        (root.consistentSnapshot() ? named.version() + "." : "") + Quoting.segment(role) + ".json";
    return source.metadata(path, limit).orElseThrow(() -> refused("there is no " + path));
  }

  private interface Check<R extends Role> {
    R check(byte[] document) throws TufException;
  }

  /**
   * What is kept, if its delegator still vouches for it. Otherwise it is of no worth, neither to be
   * used nor to be compared with, and a new one is asked for: that is what a rotation looks like.
   */
  private static <R extends Role> @Nullable R stillSigned(
      byte @Nullable [] kept, Check<R> verification) {
    if (kept == null) {
      return null;
    }
    try {
      return verification.check(kept);
    } catch (TufException rotated) {
      return null;
    }
  }

  /** Whether what is kept is the file that is named, so that none has to be fetched. */
  private boolean isCurrent(byte[] kept, Role role, Role.MetaFile named) {
    if (role.version() != named.version() || !now.isBefore(role.expires())) {
      return false;
    }
    try {
      FileHashes.check(role.kind().id(), kept, named);
      return true;
    } catch (TufException other) {
      return false;
    }
  }

  private static int limit(Role.MetaFile named, int most) {
    Long length = named.length();
    return length == null ? most : (int) Math.min(length, most);
  }

  private void requireFresh(String what, Role role) throws TufException {
    if (!now.isBefore(role.expires())) {
      throw new TufException(
          Code.EXPIRED,
          what + " version " + role.version() + " expired at " + role.expires() + ", it is " + now);
    }
  }

  private static void requireVersion(String what, long expected, long found) throws TufException {
    if (expected != found) {
      throw refused("expected version " + expected + " of " + what + ", found " + found);
    }
  }

  private static void requireNotOlder(String what, long seen, long found) throws TufException {
    if (found < seen) {
      throw refused("rolled back: " + what + " was at version " + seen + ", found " + found);
    }
  }

  private static TufException refused(String message) {
    return new TufException(Code.METADATA_REFUSED, message);
  }
}
