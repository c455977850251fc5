package dev.raya.cli.pm.install;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cache.store.PackageCache;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.ClosureRecord;
import dev.raya.cli.pm.project.KnownProjects;
import dev.raya.cli.pm.project.LastBoot;
import dev.raya.cli.pm.project.Machine;
import dev.raya.cli.pm.project.ManifestTree;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.RecordedUse;
import dev.raya.cli.pm.settings.TrustLevel;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.toolchain.platform.Target;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The closure records of a project: whether the last install still holds, and what it came to. */
final class FinishedInstalls {
  private final Session session;
  private final ProjectFolder project;
  private final String checks;

  /**
   * The records of a project.
   *
   * @param checks the user's level and policy, under which entries are good
   */
  FinishedInstalls(Session session, ProjectFolder project, String checks) {
    this.session = session;
    this.project = project;
    this.checks = checks;
  }

  /**
   * Whether there is nothing to do: three files read, the manifests that the project's leads to,
   * and a look at each entry's name.
   *
   * @throws CommandException if a manifest is malformed
   * @throws IOException if a file cannot be read
   */
  Optional<InstallOutcome> upToDate() throws CommandException, IOException {
    if (!Files.isRegularFile(project.lockfile())) {
      return Optional.empty();
    }
    Path own = ClosureRecord.file(project.root());
    Optional<ClosureRecord> written = ClosureRecord.read(own);
    Digest manifest = Digest.ofFile(project.manifest());
    if (written.isPresent() && written.get().folders() > 0) {
      byte[] text = Files.readAllBytes(project.manifest());
      Manifest parsed = Manifests.parse(project, new String(text, StandardCharsets.UTF_8));
      manifest = ManifestTree.read(project, parsed, session.console()).digest(Digest.of(text));
    }
    Digest lock = Digest.ofFile(project.lockfile());
    Path shared = ClosureRecord.shared(session.home().root(), manifest, lock, checks);
    for (Path file : List.of(own, shared)) {
      Optional<ClosureRecord> record = file.equals(own) ? written : ClosureRecord.read(file);
      KnownProjects projects = new KnownProjects(session.home());
      if (record.isPresent()
          && record.get().holds(manifest, lock, session.home().root(), checks)
          && (record.get().maker().isEmpty() || record.get().maker().equals(maker()))
          && LastBoot.before(session.now()).covers(file)) {
        if (file.equals(shared)) {
          // Known before the entries are looked at, so that no collection takes them.
          projects.add(project);
        }
        List<Digest> entries = record.get().entries();
        if (!projects.knows(project)
            || !arePresent(record.get())
            || (file.equals(shared) && !record.get().stamps().equals(stamps(entries)))) {
          continue;
        }
        if (file.equals(shared)) {
          record.get().stamped(List.of(), List.of()).write(own);
          RecordedUse.ofClosure(shared, session.now());
        }
        return Optional.of(new InstallOutcome(record.get().packages(), 0, false, true, List.of()));
      }
    }
    return Optional.empty();
  }

  /** An entry appears together with its record and, unless nothing is asked of it, its proof. */
  private boolean arePresent(ClosureRecord record) {
    boolean proven = session.settings().trustLevel() != TrustLevel.PERMISSIVE;
    String cache = session.home().cache().toString();
    return arePresent(cache, record.entries(), proven ? PackageCache.PROOF : CacheEntry.FILE)
        && arePresent(cache, record.unproved(), CacheEntry.FILE)
        && arePresent(session.home().build().toString(), record.builds(), GitBuilds.MODULE);
  }

  private static boolean arePresent(String folder, List<Digest> names, String sign) {
    for (Digest name : names) {
      if (!new File(folder, name.hex() + "/" + sign).exists()) {
        return false;
      }
    }
    return true;
  }

  /** What else decides which files are used; the native front compares the same text. */
  private String maker() {
    Optional<Target> target = Machine.target(session.settings().environment());
    return (target.isPresent() ? target.get().id() : "") + ' ' + ProgramVersion.CURRENT;
  }

  private List<String> stamps(List<Digest> entries) throws IOException {
    return AcceptedEntries.stamps(session.home().cache().toFile(), entries);
  }

  /** The next install looks at everything. */
  void forget() throws IOException {
    Files.deleteIfExists(ClosureRecord.file(project.root()));
  }

  /**
   * What an install came to.
   *
   * @param lockfile what is locked
   * @param needed what of it the targets need
   * @param libraries native libraries of the targets
   * @param builds names of compiled git packages
   * @param here whether the targets are this machine's
   */
  record Result(
      Lockfile lockfile,
      Lockfile needed,
      Collection<Digest> libraries,
      Collection<Digest> builds,
      boolean here) {}

  /**
   * Writes down what an install came to, unless it was for other targets than this machine's.
   *
   * @param manifests digest of all manifests
   * @param workspace whether the root manifest names members
   * @param lock the lockfile's bytes
   * @param seen what the install took as accepted before and found unchanged, or null
   * @param plain whether an entry is known to be of a plain package
   * @throws CommandException if what is known of registries is malformed
   * @throws IOException if it cannot be written
   */
  void remember(
      Digest manifests,
      boolean workspace,
      byte[] lock,
      Result result,
      @Nullable AcceptedEntries seen,
      Predicate<Digest> plain)
      throws CommandException, IOException {
    Lockfile needed = result.needed();
    int packages = result.lockfile().packages().size();
    boolean everywhere =
        result.libraries().isEmpty()
            && result.builds().isEmpty()
            && needed.packages().size() == packages;
    if (!everywhere && !result.here()) {
      forget();
      return;
    }
    Set<Digest> entries = new TreeSet<>();
    Set<Digest> unproved = new TreeSet<>(result.libraries());
    int folders = 0;
    for (LockedPackage locked : result.lockfile().packages()) {
      if (locked.source() instanceof LockSource.Path) {
        folders++;
      }
    }
    for (LockedPackage locked : needed.packages()) {
      Digest checksum = locked.checksum();
      if (checksum != null) {
        (locked.source() instanceof LockSource.Url ? unproved : entries).add(checksum);
      }
    }
    if (workspace && folders == 0) {
      forget(); // its patterns may match members that come later, and it would look at none
      return;
    }
    ClosureRecord record =
        new ClosureRecord(
            manifests,
            folders,
            packages,
            Digest.of(lock),
            session.home().root().toString(),
            checks,
            everywhere ? "" : maker(),
            List.copyOf(entries),
            List.copyOf(unproved),
            List.copyOf(new TreeSet<>(result.builds())),
            List.of(),
            List.of());
    Path shared =
        ClosureRecord.shared(
            session.home().root(), record.manifest(), record.lock(), record.trust());
    record.write(ClosureRecord.file(project.root()));
    record
        .stamped(
            seen == null ? stamps(record.entries()) : seen.stamps(record.entries()),
            accepted(needed, seen, plain))
        .write(shared);
    if (QuarantineNews.isUnheard(session)) {
      // Another process has brought a list meanwhile; the next install looks at it.
      Files.deleteIfExists(shared);
      forget();
      return;
    }
    ClosureRecord.bound(session.home().root());
  }

  /** What was checked of the packages of a lockfile, for the installs to come. */
  private List<String> accepted(
      Lockfile lockfile, @Nullable AcceptedEntries seen, Predicate<Digest> plain)
      throws CommandException {
    AcceptedEntries keys = AcceptedEntries.none(session, seen);
    Set<String> accepted = new TreeSet<>();
    for (PackageClaim claim : Installer.claims(lockfile)) {
      accepted.add(keys.key(claim, plain.test(claim.checksum())));
    }
    return List.copyOf(accepted);
  }
}
