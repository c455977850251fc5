package dev.raya.cli.pm.install;

import dev.raya.cache.archive.PackageArchive;
import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.UtcTimes;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cache.store.PackageCache;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.ClosureRecord;
import dev.raya.cli.pm.project.LastBoot;
import dev.raya.cli.pm.settings.TrustLevel;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.project.PlainPackages;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the last install of a project has checked: that these entries are what the lockfile said of
 * them, under these checks. An entry whose files look as they did then need not be read and its
 * signatures not be verified again, so that `add` and `remove` look only at what is new. The
 * project's own record only says which of the home's records it is; what that one says, this home
 * has found itself (docs/decisions/0161).
 */
final class AcceptedEntries {
  /** Stands for an entry that was not there: what other targets need is locked and not fetched. */
  private static final String GONE = "gone";

  private final File cache;
  private final Set<String> claims = new HashSet<>();
  private final Map<Digest, String> stamps = new HashMap<>();
  private final Map<String, String> roots = new HashMap<>();
  private final Map<PackageClaim, Key> keys = new HashMap<>();
  private final Map<PackageClaim, Key> plainKeys = new HashMap<>();
  private final Set<Digest> plain = new HashSet<>();
  private final Map<Digest, String> held = new HashMap<>();
  private final KnownRegistries known;
  private final TrustLevel level;
  private @Nullable ClosureRecord record;

  /** The key of a claim, with what {@link PackageClaim#equals} does not tell. */
  private record Key(String root, String version, String text) {}

  private AcceptedEntries(Session session, TrustLevel level) {
    this.level = level;
    this.cache = session.home().cache().toFile();
    this.known = session.known();
  }

  /**
   * Nothing accepted, to make keys with.
   *
   * @param before what this install went by, whose work is not done again; or null
   */
  static AcceptedEntries none(Session session, @Nullable AcceptedEntries before) {
    AcceptedEntries none = new AcceptedEntries(session, session.settings().trustLevel());
    if (before != null && before.level == none.level) {
      none.keys.putAll(before.keys);
      none.plainKeys.putAll(before.plainKeys);
    }
    return none;
  }

  /**
   * What the last install of a project has accepted; nothing where that is not known.
   *
   * @param checks the user's level and policy that are to hold
   * @param level what is asked of entries, which is more than the user's if the project raises it
   * @throws IOException if a record cannot be read
   */
  static AcceptedEntries of(Session session, Path project, String checks, TrustLevel level)
      throws IOException {
    AcceptedEntries accepted = new AcceptedEntries(session, level);
    Optional<ClosureRecord> own = ClosureRecord.read(ClosureRecord.file(project));
    if (own.isEmpty()) {
      return accepted;
    }
    Path home = session.home().root();
    Path file = ClosureRecord.shared(home, own.get().manifest(), own.get().lock(), checks);
    Optional<ClosureRecord> shared = ClosureRecord.read(file);
    if (shared.isPresent()
        && shared.get().holds(own.get().manifest(), own.get().lock(), home, checks)
        && shared.get().stamps().size() == shared.get().entries().size()
        && LastBoot.before(session.now()).covers(file)) {
      accepted.record = shared.get();
      accepted.claims.addAll(shared.get().claims());
      for (int i = 0; i < shared.get().entries().size(); i++) {
        accepted.stamps.put(shared.get().entries().get(i), shared.get().stamps().get(i));
      }
    }
    return accepted;
  }

  /** The level at which entries were accepted, if they are held. */
  TrustLevel level() {
    return level;
  }

  /**
   * Whether a claim was accepted and its entry looks as it did then.
   *
   * @throws CommandException if what is known of registries is malformed
   * @throws IOException if the entry cannot be looked at
   */
  boolean holds(PackageClaim claim) throws CommandException, IOException {
    String stamp = stamps.get(claim.checksum());
    boolean holds =
        stamp != null
            && !stamp.startsWith(GONE)
            && isAccepted(claim)
            && stamp.equals(stamp(cache, claim.checksum()));
    if (stamp != null && holds) {
      held.put(claim.checksum(), stamp);
    } else {
      held.remove(claim.checksum());
    }
    return holds;
  }

  /**
   * How entries look: those that held as they looked then, which whoever changed them since no
   * longer matches; all others as they look now.
   *
   * @throws IOException if one cannot be looked at
   */
  List<String> stamps(List<Digest> entries) throws IOException {
    List<String> looks = new ArrayList<>();
    for (Digest entry : entries) {
      String then = held.get(entry);
      looks.add(then == null ? stamp(cache, entry) : then);
    }
    return looks;
  }

  private boolean isAccepted(PackageClaim claim) throws CommandException {
    if (claims.contains(key(claim, true))) {
      plain.add(claim.checksum());
      return true;
    }
    return claims.contains(key(claim, false));
  }

  /** Whether an entry that held is of a plain package, {@link PlainPackages}. */
  boolean isPlain(Digest checksum) {
    return plain.contains(checksum) && held.containsKey(checksum);
  }

  /**
   * Whether what was accepted was a lockfile that followed from a manifest, and needed no other.
   *
   * @param lock digest of the lockfile
   */
  boolean isOf(Digest lock) {
    ClosureRecord of = record;
    return of != null && of.folders() == 0 && of.lock().equals(lock);
  }

  /** Whether that manifest was this one. */
  boolean isOfManifest(Digest manifest) {
    ClosureRecord of = record;
    return of != null && of.manifest().equals(manifest);
  }

  /**
   * What is written down of an accepted claim: a digest of all that was compared.
   *
   * @param isPlain whether it is of a plain package
   * @throws CommandException if what is known of registries is malformed
   */
  String key(PackageClaim claim, boolean isPlain) throws CommandException {
    String root = root(claim.origin());
    Map<PackageClaim, Key> all = isPlain ? plainKeys : keys;
    Key made = all.get(claim);
    if (made == null
        || !made.root().equals(root)
        || !made.version().equals(claim.version().text())) {
      made = new Key(root, claim.version().text(), key(claim, root, isPlain));
      all.put(claim, made);
    }
    return made.text();
  }

  private String key(PackageClaim claim, String root, boolean isPlain) {
    StringBuilder text = new StringBuilder(512);
    if (isPlain) { // which depends on the toolchain that runs it
      text.append("plain ").append(ProgramVersion.CURRENT).append('\n');
    }
    // A record is found by the user's level; a project may have raised it since.
    text.append(level.word()).append('\n');
    text.append(claim.name().text()).append('\n');
    text.append(claim.version().text()).append('\n');
    text.append(claim.origin()).append('\n');
    text.append(root).append('\n');
    text.append(claim.checksum().hex()).append('\n');
    text.append(claim.tree().hex()).append('\n');
    text.append(claim.size()).append('\n');
    text.append(claim.log()).append('\n');
    text.append(UtcTimes.text(claim.time())).append('\n');
    for (String capability : claim.capabilities()) {
      text.append(capability).append('\n');
    }
    for (Map.Entry<String, Digest> each : claim.natives().entrySet()) {
      text.append(each.getKey()).append(' ').append(each.getValue().hex()).append('\n');
    }
    return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** Proofs count under the root that the registry is known by. */
  private String root(String origin) throws CommandException {
    String root = roots.get(origin);
    if (root == null) {
      Optional<KnownRegistries.Known> registry = known.byOrigin(origin);
      root = registry.isPresent() ? registry.get().root().hex() : "";
      roots.put(origin, root);
    }
    return root;
  }

  /**
   * What tells that nothing befell entries.
   *
   * @throws IOException if one cannot be looked at
   */
  static List<String> stamps(File cache, List<Digest> entries) throws IOException {
    List<String> stamps = new ArrayList<>();
    for (Digest entry : entries) {
      stamps.add(stamp(cache, entry));
    }
    return stamps;
  }

  /**
   * An entry's folder is one and has the same names in it, its files have the same sizes and times.
   * The record's own time is that of its last use. {@code front.c} tells the same.
   */
  private static String stamp(File cache, Digest entry) throws IOException {
    File folder = new File(cache, entry.hex());
    StringBuilder stamp = new StringBuilder();
    try {
      BasicFileAttributes own =
          Files.readAttributes(
              folder.toPath(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      stamp.append(own.isDirectory()).append(' ');
      stamp.append(own.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    } catch (NoSuchFileException gone) {
      stamp.append(GONE);
    }
    stamp.append(' ').append(new File(folder, CacheEntry.FILE).length());
    for (String name :
        List.of(PackageMetadata.FILE_NAME, PackageArchive.MODULE, PackageCache.PROOF)) {
      File file = new File(folder, name);
      stamp.append(' ').append(file.length()).append(' ').append(file.lastModified());
    }
    return stamp.toString();
  }
}
