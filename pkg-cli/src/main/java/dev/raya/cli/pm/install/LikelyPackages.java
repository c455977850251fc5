package dev.raya.cli.pm.install;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.store.PackageCache;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.HttpIndexSource;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.policy.ReleasePolicy;
import dev.raya.resolver.project.ProjectManifests;
import dev.raya.resolver.version.VersionRange;
import java.io.File;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an install fetches and checks while its resolution goes on. For the thread of the install.
 */
final class LikelyPackages {
  private final Session session;
  private final EntryMetadata metadata;
  private final Set<PackageClaim> brought = new HashSet<>();
  private Map<PackageName, VersionRange> added = Map.of();
  private @Nullable EarlyFetch begun;
  private @Nullable EarlyFetch ended;

  LikelyPackages(Session session, EntryMetadata metadata) {
    this.session = session;
    this.metadata = metadata;
  }

  /** Packages of the default registry that an edit adds, whose documents were asked for. */
  void expect(Map<PackageName, VersionRange> edit) {
    added = Map.copyOf(edit);
  }

  /**
   * Begins to fetch what was expected, unless a rule makes it unlikely; once the project has said
   * how much it asks of a package.
   *
   * @param refused advisories whose hits are no candidates
   */
  void begin(
      ProjectManifests manifests,
      InstallRequest request,
      Advisories refused,
      Quarantine quarantine,
      @Nullable LockedAhead locked)
      throws CommandException, InterruptedException {
    Optional<Registry> registry = session.reached();
    if (added.isEmpty() || locked == null || registry.isEmpty()) {
      return;
    }
    ReleasePolicy policy =
        new Policies(session, manifests.root())
            .release(request, registry.get().config().minReleaseAge(), refused);
    if (!EarlyFetch.isLikely(manifests, request, policy)) {
      return;
    }
    HttpIndexSource index = session.index(registry.get());
    begun =
        EarlyFetch.begin(
            session,
            registry.get(),
            index,
            quarantine.of(registry.get().config().origin(), index).toCompletableFuture(),
            added,
            locked);
    added = Map.of();
  }

  /**
   * Lets what was guessed right enter the cache.
   *
   * @param early what the resolution has begun to fetch, or null
   * @throws IOException if what is locked cannot be held
   */
  void take(@Nullable EarlyFetch early, Lockfile lockfile)
      throws IOException, InterruptedException {
    if (early != null) {
      hold(lockfile); // before it is waited for, so that no collection takes what has arrived
      brought.addAll(early.end(Installer.claims(lockfile)));
      metadata.take(early.metadata());
      ended = early;
    }
  }

  /** The same for what was expected. */
  void takeExpected(Lockfile lockfile) throws IOException, InterruptedException {
    EarlyFetch early = begun;
    begun = null;
    take(early, lockfile);
  }

  /**
   * Tells what kept packages from coming, in the place of asking for them once more.
   *
   * @param missing what is needed and has not come
   * @throws CommandException if all of it was asked for, and that failed
   */
  void requireHad(List<PackageClaim> missing) throws CommandException {
    CommandException failure = ended == null ? null : ended.failure(missing);
    if (failure != null) {
      throw failure;
    }
  }

  /** Gives up what was expected, if it was not taken. */
  void cancel() throws InterruptedException {
    EarlyFetch left = begun;
    begun = null;
    if (left != null) {
      left.cancel();
    }
  }

  /** Before anything is looked for, so that no collection takes what was found. */
  void hold(Lockfile lockfile) throws IOException {
    Set<Digest> entries = new TreeSet<>();
    for (LockedPackage locked : lockfile.packages()) {
      Digest checksum = locked.checksum();
      if (checksum != null) {
        entries.add(checksum);
      }
      locked.natives().values().forEach(targets -> entries.addAll(targets.values()));
    }
    if (!entries.isEmpty()) {
      session.hold().add(entries);
    }
  }

  /** How many packages were fetched. */
  int count() {
    return brought.size();
  }

  /** Whether a package was fetched, and lies where it was put. */
  boolean isBrought(PackageClaim claim) {
    File entry = new File(session.home().cache().toFile(), claim.checksum().hex());
    return brought.contains(claim) && new File(entry, PackageCache.PROOF).exists();
  }
}
