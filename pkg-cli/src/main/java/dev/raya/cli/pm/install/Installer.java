package dev.raya.cli.pm.install;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.store.CacheEntry;
import dev.raya.cache.store.CacheException;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.CacheUpkeep;
import dev.raya.cli.pm.EntrySteps;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.PackageFetcher;
import dev.raya.cli.pm.kit.Kit;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.project.ClosureRecord;
import dev.raya.cli.pm.project.KnownProjects;
import dev.raya.cli.pm.project.LastBoot;
import dev.raya.cli.pm.project.LockedFiles;
import dev.raya.cli.pm.project.ManifestTree;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.project.ProjectFolder;
import dev.raya.cli.pm.project.RayaRange;
import dev.raya.cli.pm.settings.TrustLevel;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.LockCheck;
import dev.raya.resolver.project.ProjectManifests;
import dev.raya.resolver.project.ProjectResolution;
import dev.raya.resolver.version.VersionRange;
import dev.raya.toolchain.platform.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings lockfile and cache in line with a manifest. The order makes a kill harmless: entries
 * first, each by one rename; then the manifest where the command edits it; then the lockfile; then
 * the closure record that lets the next run see that there is nothing to do.
 */
public final class Installer {
  private final Session session;
  private final Console console;
  private final ProjectFolder project;
  private final FinishedInstalls records;
  private @Nullable ManifestTree tree;
  private @Nullable AcceptedEntries accepted;
  private @Nullable LockedAhead ahead;
  private LockedAhead.@Nullable Seen seen;
  private Map<PackageName, Path> checkouts = Map.of();
  private List<Target> targets = List.of();
  private Quarantine quarantine;
  private List<String> stages = List.of();
  private StagedReleases staged = StagedReleases.none();
  private boolean looksForPromotions = true;
  private boolean recovers;
  private boolean frozen;
  private boolean mended;

  /** Whether the lockfile was drawn from what the accepted entries say, and nothing else. */
  private boolean drawn;

  /** The user's level and policy, under which entries are good: another one voids a record. */
  private final String checks;

  /** Index documents that the resolution has read, so that they are not read again. */
  private final Map<PackageName, IndexDocument> read = new LinkedHashMap<>();

  /** The registry they are of. */
  private String readFrom = "";

  private final EntryMetadata metadata;

  private final LikelyPackages likely;

  /** Installs a project. */
  public Installer(Session session, ProjectFolder project) {
    this.session = session;
    this.console = session.console();
    this.frozen = session.settings().frozen();
    this.project = project;
    this.metadata = new EntryMetadata(session.cache());
    this.likely = new LikelyPackages(session, metadata);
    this.quarantine = new Quarantine(session, List.of());
    this.checks = session.settings().trustLevel().word() + Policies.fingerprint(session.settings());
    this.records = new FinishedInstalls(session, project, checks);
  }

  /**
   * Lets the lockfile be written whatever the settings say: that of a project which is the home's
   * own, and whose lockfile nobody keeps.
   */
  public Installer ofTheHome() {
    frozen = false;
    return this;
  }

  /**
   * Begins to look at what is locked, while the caller still finds out how to edit the manifest for
   * {@link #installEdited}.
   */
  public Installer begin() {
    return begin(true);
  }

  private Installer begin(boolean edits) {
    if (ahead == null && Files.isRegularFile(project.lockfile())) {
      ahead = LockedAhead.begin(session, project, checks, edits);
    }
    return this;
  }

  /**
   * Tells what an edit is going to ask for beside what is locked, so that it is fetched while the
   * resolution goes on. This command must have asked for its index documents.
   *
   * @param added packages of the default registry, with their ranges
   */
  public void expect(Map<PackageName, VersionRange> added) {
    likely.expect(added);
  }

  /**
   * Chooses the targets whose native libraries are fetched and whose dependencies count; this
   * machine's unless said otherwise.
   */
  public Installer forTargets(Collection<Target> chosen) {
    targets = List.copyOf(chosen);
    return this;
  }

  /**
   * Takes versions although their registry holds them back.
   *
   * @param versions {@code NAME@VERSION}, without build metadata
   */
  public Installer allowingQuarantined(Collection<String> versions) {
    quarantine = new Quarantine(session, versions);
    return this;
  }

  /**
   * Takes staged releases, which no index names.
   *
   * @param ids 40 hexadecimal digits each
   */
  public Installer takingStaged(Collection<String> ids) {
    stages = List.copyOf(ids);
    return this;
  }

  /**
   * Installs what the manifest asks for.
   *
   * @throws CommandException if that cannot be done; manifest and lockfile are then unchanged
   * @throws InterruptedException if the thread was interrupted
   */
  public InstallOutcome install(InstallRequest request)
      throws CommandException, InterruptedException {
    try {
      Optional<InstallOutcome> recorded =
          request.allowsRecord() && targets.isEmpty() && stages.isEmpty()
              ? records.upToDate()
              : Optional.empty();
      if (recorded.isPresent()) {
        return recorded.get();
      }
      String text = Files.readString(project.manifest(), UTF_8);
      return install(text, text, request);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /**
   * Installs what the manifest asks for, and holds it until the session is closed: for programs
   * that run from the cache meanwhile.
   *
   * @throws CommandException if that cannot be done; manifest and lockfile are then unchanged
   * @throws InterruptedException if the thread was interrupted
   */
  public InstallOutcome installAndHold() throws CommandException, InterruptedException {
    try {
      looksForPromotions = false; // a program starts without asking anybody
      InstallOutcome outcome = install(InstallRequest.PLAIN);
      if (!outcome.upToDate()) {
        return outcome;
      }
      Optional<ClosureRecord> record = ClosureRecord.read(ClosureRecord.file(project.root()));
      List<Digest> used = new ArrayList<>();
      record.ifPresent(
          present -> {
            used.addAll(present.entries());
            used.addAll(present.unproved());
          });
      if (used.isEmpty() || !Files.isWritable(session.home().root())) {
        return outcome; // nothing to hold, or nobody who could collect it
      }
      session.hold().add(used);
      return install(InstallRequest.PLAIN);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /**
   * Installs what the manifest asks for, starting from what can be read of the lockfile, whatever
   * its state: the versions of both sides of a merge conflict are kept where they still fit.
   *
   * @throws CommandException if that cannot be done; the lockfile is then unchanged
   * @throws InterruptedException if the thread was interrupted
   */
  public InstallOutcome repair(InstallRequest request)
      throws CommandException, InterruptedException {
    recovers = true;
    return install(request);
  }

  /**
   * Installs what an edited manifest asks for, and writes it once everything is in place.
   *
   * @param text the edited manifest
   * @throws CommandException if that cannot be done; manifest and lockfile are then unchanged
   * @throws InterruptedException if the thread was interrupted
   */
  public InstallOutcome installEdited(String text, InstallRequest request)
      throws CommandException, InterruptedException {
    try {
      String written = Files.readString(project.manifest(), UTF_8);
      return install(written, text, request);
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    } finally {
      likely.cancel();
    }
  }

  private InstallOutcome install(String written, String text, InstallRequest request)
      throws CommandException, IOException, InterruptedException {
    if (request.verify()) {
      session.verifyHeldAhead();
    } else {
      begin(!text.equals(written));
    }
    session.prepareHome();
    QuarantineNews.listen(session);
    if (session.settings().offline()) {
      Optional<Kit> kit = Kit.of(project);
      if (kit.isPresent()) {
        // Without a network nothing else can say which root a registry has.
        kit.get().admit(session, null, false);
      }
    }
    String edited = new GrantEdits(project, text).with(request.grants());
    Manifest manifest = Manifests.parse(project, edited);
    session.raise(manifest.trustLevel());
    tree = ManifestTree.read(project, manifest, console);
    ProjectManifests manifests = tree.manifests();
    tree.warn(manifest, console);
    RayaRange.requirePinned(manifests.root());
    RayaRange.require(manifest);
    RayaRange.require(manifests.root());
    for (Manifest local : manifests.paths().values()) {
      RayaRange.require(local);
    }
    Lockfile current = locked();
    if (request.verify() && current != null) {
      verifyArchives(current);
    }
    if (metadata.assumes()
        && (!policies(manifests).licenses().isAny()
            || !EntryMetadata.changesDependenciesAlone(
                project, accepted, manifests, written, manifest))) {
      metadata.readAssumed();
    }
    ForeignReader foreign = new ForeignReader(session, manifests, current, request.update());
    manifests = foreign.read();
    checkouts = foreign.checkouts();
    LockCheck check =
        current == null ? null : new LockCheck(manifests, current, ProjectFolder.LOCKFILE);
    Advisories refused = policies(manifests).refused(request);
    staged = StagedReleases.of(session, stages, current, looksForPromotions && !frozen);
    if (!frozen && staged.isEmpty()) {
      likely.begin(manifests, request, refused, quarantine, ahead);
    }
    LockStructure structure = new LockStructure(session, project);
    boolean breached =
        check != null
            && current != null
            && request.lockOnly()
            && !frozen
            && !check.isOutdated()
            && !structure.follows(check, current);
    boolean resolves =
        check == null
            || breached
            || check.isOutdated()
            || !request.update().isEmpty()
            || staged.moveLock()
            || isAdvised(current, refused);
    if (!resolves && check != null && current != null) {
      metadata.readAssumed();
      structure.require(check, current);
      return finish(written, edited, manifests, current, request, List.of());
    }
    if (frozen) {
      String change = staged.change();
      throw new CommandException(
          "RAYA-PKG-006",
          current == null
              ? "there is no raya.lock, and --frozen forbids to write one"
              : change != null
                  ? change + ", and --frozen forbids to change it"
                  : isAdvised(current, refused)
                      ? "raya.lock holds versions that advisories hit, and --frozen forbids to change it"
                      : "raya.lock does not fit raya.toml any more, and --frozen forbids to change it",
          "run `raya-pm install` without --frozen and commit raya.lock");
    }
    ProjectResolution.Resolved resolved =
        keeping(manifests, breached ? null : current, request, refused);
    if (resolved == null) {
      metadata.readAssumed();
    }
    if (resolved != null) {
      console.detail("what is locked is kept");
    } else if (manifests.root().dependencies().isEmpty()
        && manifests.root().devDependencies().isEmpty()
        && manifests.paths().isEmpty()) {
      resolved =
          new ProjectResolution.Resolved(
              new Lockfile(manifests.digest(), null, List.of()), List.of());
    } else {
      staged.keep(request.update(), metadata::of);
      try (Resolutions resolutions =
          new Resolutions(session, Resolutions.fromRegistries(manifests))
              .under(quarantine)
              .with(staged)
              .fetchingEarly()) {
        Set<PackageName> moved = new TreeSet<>(request.update());
        moved.addAll(staged.unlocked());
        resolved = resolutions.resolve(manifests, current, request.withUpdate(moved), refused);
        read.putAll(resolutions.documents());
        readFrom = resolutions.origin();
        requireReleased(resolved.lockfile());
        if (resolved.missing().isEmpty()) {
          likely.take(resolutions.takeEarly(), resolved.lockfile());
        }
      }
    }
    staged.requireTaken(resolved.lockfile());
    if (!resolved.missing().isEmpty()) {
      return grantOrFail(written, text, request, resolved.missing());
    }
    List<Growth> grown = Growth.between(current, resolved.lockfile());
    List<String> growth = grown.stream().map(Growth::text).toList();
    if (session.settings().trustLevel() == TrustLevel.STRICT) {
      Growth.requireGranted(grown, request);
    }
    for (String line : growth) {
      console.report(Finding.warning("RAYA-SEC-021", line));
    }
    likely.takeExpected(resolved.lockfile());
    return finish(written, edited, manifests, resolved.lockfile(), request, growth);
  }

  /** The lockfile, or what can be recovered of it; null if there is none. */
  private @Nullable Lockfile locked() throws CommandException, IOException, InterruptedException {
    LockedAhead begun = ahead;
    LockedAhead.Seen found = begun == null ? null : begun.seen();
    drawn = false;
    if (found == null || !found.isCurrent(project)) {
      seen = null;
      metadata.readAssumed();
      return recovers ? LockedFiles.recover(project) : LockedFiles.read(project);
    }
    if (found.accepted().level() == session.settings().trustLevel()) { // not raised since
      seen = found;
      accepted = found.accepted();
      metadata.take(found);
    }
    return found.lockfile();
  }

  /** Whether the last install has accepted all that is locked, so that its metadata counts. */
  private boolean isAccepted(Lockfile current) throws CommandException, IOException {
    LockedAhead.Seen found = seen;
    if (found != null && found.lockfile() == current) {
      return found.held();
    }
    for (PackageClaim claim : claims(current)) {
      if (!accepted().holds(claim)) {
        return false;
      }
    }
    return true;
  }

  /** What a resolution that moves nothing comes to, or null if it takes a whole one. */
  private ProjectResolution.@Nullable Resolved keeping(
      ProjectManifests manifests,
      @Nullable Lockfile current,
      InstallRequest request,
      Advisories refused)
      throws CommandException, IOException, InterruptedException {
    if (current == null
        || recovers
        || request.verify()
        || !staged.isEmpty()
        || isAdvised(current, refused)
        || !isAccepted(current)) { // its metadata.json may not be what was accepted
      return null;
    }
    Optional<Resolutions> beside = Resolutions.besideLocked(session, manifests, current, request);
    if (beside.isEmpty()) {
      return null;
    }
    try (Resolutions resolutions = beside.get().under(quarantine)) {
      Optional<ProjectResolution.Resolved> kept = Optional.empty();
      if (metadata.assumes()) {
        kept = resolutions.keeping(manifests, current, request, refused, metadata::of, false);
        if (kept.isEmpty()) {
          metadata.readAssumed();
        }
      }
      if (kept.isEmpty()) {
        kept = resolutions.keeping(manifests, current, request, refused, metadata::of, true);
      }
      if (kept.isEmpty()) {
        return null;
      }
      read.putAll(resolutions.documents());
      readFrom = resolutions.origin();
      if (resolutions.asks()) {
        requireReleased(kept.get().lockfile());
      }
      drawn = !resolutions.asks();
      return kept.get();
    }
  }

  /** What was locked is not exchanged in silence because its registry holds it back. */
  private void requireReleased(Lockfile lockfile) throws CommandException, InterruptedException {
    if (session.settings().offline()) {
      quarantine.requireKnown(claims(lockfile));
    } else {
      quarantine.require(claims(lockfile));
    }
  }

  private static boolean isAdvised(@Nullable Lockfile lockfile, Advisories refused) {
    return lockfile != null
        && lockfile.packages().stream()
            .anyMatch(
                locked ->
                    locked.source() instanceof LockSource.Registry
                        && !refused.hitting(locked.name(), locked.version()).isEmpty());
  }

  /** On a terminal the user is asked; a yes is written into the manifest like {@code --grant}. */
  private InstallOutcome grantOrFail(
      String written,
      String text,
      InstallRequest request,
      List<ProjectResolution.MissingGrant> missing)
      throws CommandException, IOException, InterruptedException {
    GrantFailures failures = new GrantFailures(project, console.command());
    Map<PackageName, List<Capability>> granted = new LinkedHashMap<>();
    for (ProjectResolution.MissingGrant each : missing) {
      boolean asked = request.grants().containsKey(each.name());
      if (asked || failures.isExec() || !console.confirm(failures.question(each))) {
        throw failures.missing(missing);
      }
      granted.put(each.name(), each.capabilities());
    }
    return install(written, text, request.withGrants(granted));
  }

  private InstallOutcome finish(
      String written,
      String edited,
      ProjectManifests manifests,
      Lockfile next,
      InstallRequest request,
      List<String> growth)
      throws CommandException, IOException, InterruptedException {
    int fetched = 0;
    FinishedInstalls.Result result = null;
    if (!request.lockOnly()) {
      Lockfile needed = request.production() ? production(manifests, next) : next;
      NativeLibraries libraries = new NativeLibraries(session, targets);
      DependencyTargets found = new DependencyTargets(session, manifests, read, metadata.known());
      Reachability reachable = new Reachability(manifests, needed);
      needed = reachable.onTargets(libraries.targets(), found);
      fetched = likely.count() + bringIn(needed, request.verify());
      // A damaged entry may have left out what the mended one asks for.
      DependencyTargets listed =
          mended ? new DependencyTargets(session, manifests, read, metadata.known()) : found;
      if (mended) {
        List<LockedPackage> before = needed.packages();
        needed = reachable.onTargets(libraries.targets(), listed);
        List<LockedPackage> more = new ArrayList<>(needed.packages());
        more.removeAll(before);
        fetched += bringIn(new Lockfile(next.manifest(), null, more), request.verify());
      }
      // A package that one target needs must have no library for another that does not need it.
      fetched +=
          libraries.bringIn(target -> reachable.onTargets(Set.of(target.id()), listed).packages());
      GitBuilds builds = new GitBuilds(session, needed, checkouts);
      List<ProjectResolution.MissingGrant> missing = builds.build(direct(manifests));
      if (!missing.isEmpty()) {
        return grantOrFail(written, edited, request, missing);
      }
      result =
          new FinishedInstalls.Result(
              next, needed, libraries.used(), builds.names(), targets.isEmpty());
      if (!drawn || mended) { // else it would be compared with what it was made of
        contents(manifests, next);
      }
      policies(manifests).requireLicenses(needed, metadata);
    }
    // Before anything of the project changes: without a lockfile it keeps nothing, and harms
    // nobody. Until then another process may forget it again.
    KnownProjects projects = new KnownProjects(session.home());
    projects.add(project);
    if (!edited.equals(written)) {
      AtomicFiles.write(project.manifest(), edited.getBytes(UTF_8));
    }
    byte[] lock = LockfileCodec.write(next);
    boolean changed =
        !AtomicFiles.holdsText(project.lockfile(), lock)
            && AtomicFiles.writeIfChanged(project.lockfile(), lock);
    projects.add(project);
    if (result != null) {
      ManifestTree finished = tree;
      if (finished == null
          || request.production()
          || policies(manifests).refusesAdvised()
          || StagedReleases.anyIn(next)
          || quarantine.allowsAny()) {
        // Advisories change while the files do not, and releases are promoted; what only
        // development needs was not fetched; and what was taken although it is held back was taken
        // this once.
        records.forget();
      } else {
        records.remember(
            finished.digest(Digest.of(edited.getBytes(UTF_8))),
            manifests.root().workspace() != null,
            lock,
            result,
            mended ? null : accepted,
            metadata::isPlain);
      }
    }
    if (fetched > 0) {
      new CacheUpkeep(session).afterInstall();
    }
    return new InstallOutcome(next.packages().size(), fetched, changed, false, growth);
  }

  private Policies policies(ProjectManifests manifests) {
    return new Policies(session, manifests.root());
  }

  /** What the project itself asks for. */
  private static Set<PackageName> direct(ProjectManifests manifests) {
    Set<PackageName> direct = new TreeSet<>();
    manifests.root().dependencies().values().forEach(each -> direct.add(each.name()));
    manifests.root().devDependencies().values().forEach(each -> direct.add(each.name()));
    return direct;
  }

  /** What the project needs without its dev-dependencies. */
  private static Lockfile production(ProjectManifests manifests, Lockfile lockfile) {
    return new Reachability(manifests, lockfile).withoutDevelopment();
  }

  static List<PackageClaim> claims(Lockfile lockfile) {
    List<PackageClaim> claims = new ArrayList<>();
    for (LockedPackage locked : lockfile.packages()) {
      PackageClaim.of(locked).ifPresent(claims::add);
    }
    return claims;
  }

  /** Fetches what the cache lacks and checks what it holds; how many were fetched. */
  private int bringIn(Lockfile lockfile, boolean verify)
      throws CommandException, IOException, InterruptedException {
    List<PackageClaim> claims = claims(lockfile);
    if (verify) {
      quarantine.requireMended(claims);
    } else {
      quarantine.requireKnown(claims);
    }
    likely.hold(lockfile);
    claims.removeIf(likely::isBrought);
    if (!verify) {
      AcceptedEntries known = accepted();
      List<PackageClaim> open = new ArrayList<>();
      for (PackageClaim claim : claims) {
        if (claim.isStaged() || !known.holds(claim)) {
          open.add(claim);
        }
      }
      claims = open;
    }
    Map<PackageName, IndexDocument> documents =
        new HeldDocuments(session, readFrom, read).of(claims, looksForPromotions);
    List<PackageClaim> missing = new ArrayList<>();
    LastBoot boot = LastBoot.before(session.now());
    List<EntrySteps.Outcome<Found>> found =
        EntrySteps.each(
            session.cache(),
            claims,
            (claim, check) -> find(claim, documents.get(claim.name()), verify, boot, check));
    for (int i = 0; i < found.size(); i++) {
      found.get(i).damaged().forEach(this::replaces);
      Found here = found.get(i).result();
      if (here != null && here.detail() != null) {
        console.detail(here.detail());
      }
      if (here != null && !here.good()) {
        missing.add(claims.get(i));
      }
    }
    for (EntrySteps.Outcome<Found> each : found) {
      each.requireDone();
    }
    takeVendored(missing);
    if (missing.isEmpty()) {
      return 0;
    }
    if (session.settings().offline()) {
      throw LockStructure.offline(missing);
    }
    likely.requireHad(missing);
    missing = staged.published(missing, documents);
    staged.requireNamed(missing);
    Map<String, List<PackageClaim>> byOrigin = new TreeMap<>();
    for (PackageClaim claim : missing) {
      byOrigin.computeIfAbsent(claim.origin(), origin -> new ArrayList<>()).add(claim);
    }
    quarantine.require(
        claims(lockfile).stream().filter(each -> byOrigin.containsKey(each.origin())).toList());
    for (Map.Entry<String, List<PackageClaim>> each : byOrigin.entrySet()) {
      PackageFetcher fetcher =
          new PackageFetcher(session, session.registryOf(each.getKey()), documents)
              .withStaged(staged.evidence());
      fetcher.fetch(each.getValue());
      metadata.take(fetcher.metadata());
    }
    return missing.size();
  }

  private AcceptedEntries accepted() throws IOException {
    AcceptedEntries known = accepted;
    if (known == null) {
      known = AcceptedEntries.of(session, project.root(), checks, session.settings().trustLevel());
      accepted = known;
    }
    return known;
  }

  /** What the project's own mirror has need not come over the network. */
  private void takeVendored(List<PackageClaim> missing)
      throws CommandException, IOException, InterruptedException {
    if (missing.isEmpty()) {
      return;
    }
    Optional<Kit> kit = Kit.of(project);
    if (kit.isPresent()) {
      List<PackageClaim> here = kit.get().holding(missing);
      kit.get().admit(session, null, false);
      int put = kit.get().load(session, here);
      console.detail(put + " packages taken from " + Kit.FOLDER);
      missing.removeAll(here);
    }
  }

  /** Archives on the web, before anything is read of them: a damaged one is taken again. */
  private void verifyArchives(Lockfile lockfile) throws IOException {
    for (LockedPackage locked : lockfile.packages()) {
      Digest checksum = locked.checksum();
      if (!(locked.source() instanceof LockSource.Url) || checksum == null) {
        continue;
      }
      Optional<CacheEntry> entry = session.cache().get(checksum);
      try {
        if (entry.isPresent()) {
          session.cache().verify(entry.get());
        }
      } catch (CacheException.Damaged damaged) {
        replaces(damaged);
      }
    }
  }

  private void replaces(CacheException.Damaged damaged) {
    console.report(Finding.warning(damaged.code(), String.valueOf(damaged.getMessage())));
    metadata.forget(damaged.entry());
    mended = true;
  }

  /**
   * What the cache holds for a claim.
   *
   * @param good whether it is there and shown to be what it must be
   * @param detail what is told of it on request, or null
   */
  private record Found(boolean good, @Nullable String detail) {
    static final Found GOOD = new Found(true, null);
    static final Found MISSING = new Found(false, null);
  }

  /** Several threads at once; what it finds is told and taken over in the order of the claims. */
  private Found find(
      PackageClaim claim,
      @Nullable IndexDocument document,
      boolean verify,
      LastBoot boot,
      EntrySteps.Check check)
      throws CommandException, IOException, InterruptedException {
    Optional<CacheEntry> entry = session.cache().get(claim.checksum());
    if (entry.isEmpty()) {
      return Found.MISSING;
    }
    boolean agrees = entry.get().tree().equals(claim.tree());
    Path record = entry.get().file(CacheEntry.FILE);
    if (verify || !agrees || !EntryMetadata.isReadable(entry.get()) || !boot.covers(record)) {
      if (!check.isSound(entry.get())) {
        return Found.MISSING;
      }
      LastBoot.found(record, session.now());
    }
    if (!agrees) {
      throw new CommandException(
          "RAYA-PKG-009",
          claim.label() + ": the cache entry has another tree than raya.lock says",
          "expected: " + claim.tree(),
          "found: " + entry.get().tree());
    }
    Optional<byte[]> proof = session.cache().proof(entry.get());
    if (proof.isEmpty() && !session.settings().offline()) {
      return new Found(session.settings().trustLevel() == TrustLevel.PERMISSIVE, null);
    }
    try {
      session.trust().cached(claim, document, proof.orElse(null), session.heldLog(claim.origin()));
    } catch (CommandException unproved) {
      if (session.settings().offline() || (claim.isStaged() && !staged.isNamed(claim))) {
        throw unproved;
      }
      // proof.json is never believed: what the registry says now decides, by the same rules.
      return new Found(false, claim.label() + ": proof.json is of no use, it is fetched again");
    }
    session.cache().touch(entry.get(), session.settings().environment().clock());
    return Found.GOOD;
  }

  /** Edges, features and grants in the lockfile must be what manifests and metadata give. */
  private void contents(ProjectManifests manifests, Lockfile lockfile) throws CommandException {
    try {
      new LockCheck(manifests, lockfile, ProjectFolder.LOCKFILE)
          .contents(metadata::of, Resolutions.everybody(session));
    } catch (LockfileException refused) {
      throw LockedFiles.failure(project, refused);
    }
  }
}
