package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.console.ProgramVersion;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.HeldIndexSource;
import dev.raya.cli.pm.fetch.HttpIndexSource;
import dev.raya.cli.pm.fetch.IndexAnswers;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.settings.TrustLevel;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.audit.QuarantineList;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.FetchedPackage;
import dev.raya.resolver.project.IndexSources;
import dev.raya.resolver.project.KeptVersions;
import dev.raya.resolver.project.ProjectException;
import dev.raya.resolver.project.ProjectManifests;
import dev.raya.resolver.project.ProjectResolution;
import dev.raya.resolver.project.ProjectResolver;
import dev.raya.resolver.project.ResolveOptions;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import dev.raya.resolver.version.VersionRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Resolves projects with the session's registry, or offline with the index documents held. */
public final class Resolutions implements AutoCloseable {
  /** An index without packages. */
  private static final IndexSource NOBODY =
      name -> CompletableFuture.completedFuture(new IndexSource.IndexAnswer.Absent(List.of()));

  private final Session session;
  private final IndexSource index;
  private final String origin;
  private final Map<String, IndexSource> others = new TreeMap<>();
  private Quarantine quarantine;
  private StagedReleases staged = StagedReleases.none();
  private boolean fetchesEarly;
  private @Nullable EarlyFetch early;

  /**
   * Reaches the registry, unless the session is offline.
   *
   * @param wanted what will be asked for, to be named if offline no registry is known
   * @throws CommandException if it cannot be reached, or offline no registry is known
   * @throws InterruptedException if the thread was interrupted
   */
  public Resolutions(Session session, Collection<PackageName> wanted)
      throws CommandException, InterruptedException {
    this.session = session;
    this.quarantine = new Quarantine(session, List.of());
    if (wanted.isEmpty()) {
      this.index = NOBODY;
      this.origin = "";
    } else if (session.settings().offline()) {
      KnownRegistries.Known known = offlineRegistry(session, wanted);
      this.index = session.heldIndex(known);
      this.origin = known.origin();
    } else {
      Registry registry = session.registry();
      this.index = session.index(registry);
      this.origin = registry.config().origin();
    }
  }

  private Resolutions(Session session, IndexSource index, String origin) {
    this.session = session;
    this.quarantine = new Quarantine(session, List.of());
    this.index = index;
    this.origin = origin;
  }

  /**
   * The packages of one registry, whichever is the default one.
   *
   * @throws CommandException if it cannot be reached, or offline was never reached
   * @throws InterruptedException if the thread was interrupted
   */
  public static Resolutions of(Session session, RegistryAddress address)
      throws CommandException, InterruptedException {
    if (session.settings().offline()) {
      Optional<KnownRegistries.Known> known = session.known().byUrl(address.base());
      if (known.isEmpty()) {
        throw new CommandException(
            "RAYA-NET-003",
            "offline, and the registry at " + address.base() + " was never reached",
            "run the command once without --offline");
      }
      return new Resolutions(session, session.heldIndex(known.get()), known.get().origin());
    }
    Registry registry = session.reach(address);
    return new Resolutions(session, session.index(registry), registry.config().origin());
  }

  /**
   * What resolves beside a lockfile: only packages that it does not hold are asked for, and nobody
   * is asked where it holds all that the manifests name.
   *
   * @return nothing if the command moves what is locked, or that is not of the default registry
   *     alone
   * @throws CommandException if the registry is needed and cannot be reached
   * @throws InterruptedException if the thread was interrupted
   */
  static Optional<Resolutions> besideLocked(
      Session session, ProjectManifests manifests, Lockfile current, InstallRequest request)
      throws CommandException, InterruptedException {
    RegistryAddress address = session.settings().registry();
    if (address == null
        || !request.update().isEmpty()
        || !request.rules().isNone()
        || !manifests.foreign().isEmpty()) {
      return Optional.empty();
    }
    Set<PackageName> wanted = fromRegistries(manifests);
    Set<String> origins = new TreeSet<>();
    for (LockedPackage locked : current.packages()) {
      if (locked.source() instanceof LockSource.Registry(String from)) {
        origins.add(from);
        wanted.remove(locked.name());
      }
    }
    Optional<KnownRegistries.Known> known = session.known().byUrl(address.base());
    if (known.isEmpty() || !origins.equals(Set.of(known.get().origin()))) {
      return Optional.empty();
    }
    Resolutions beside =
        wanted.isEmpty()
            ? new Resolutions(session, NOBODY, known.get().origin())
            : new Resolutions(session, wanted);
    if (!beside.origin.equals(known.get().origin())) {
      return Optional.empty();
    }
    beside.expect(wanted);
    return Optional.of(beside);
  }

  /**
   * Resolves without looking at other versions of what is locked, if that comes to the same as
   * looking at them.
   *
   * @param metadata the {@code metadata.json} of a locked package, or null
   * @param searches whether a search may be made, for which {@code metadata} has to be the real one
   * @param refused advisories whose hits are no candidates
   * @return nothing if it may not, or cannot be told; a whole resolution then says why
   * @throws CommandException if the registry's configuration is refused
   * @throws InterruptedException if the thread was interrupted
   */
  Optional<ProjectResolution.Resolved> keeping(
      ProjectManifests manifests,
      Lockfile current,
      InstallRequest request,
      Advisories refused,
      Function<LockedPackage, @Nullable PackageMetadata> metadata,
      boolean searches)
      throws CommandException, InterruptedException {
    Optional<KeptVersions> kept = KeptVersions.of(current, metadata, index);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    ResolveOptions options = options(manifests, request, age(), refused);
    if (options.policy().yankedNever()) {
      return Optional.empty(); // only an index says what was yanked since
    }
    IndexSources sources = new Sources(origin, kept.get(), Map.of());
    try {
      ProjectResolver resolver = new ProjectResolver(manifests, current, options, sources);
      return searches ? resolver.resolveAtFirstChoice() : resolver.resolveWithoutSearch();
    } catch (ProjectException | CompletionException refusedOrUnread) {
      return Optional.empty();
    }
  }

  /** Leaves out what this says is held back. */
  Resolutions under(Quarantine lists) {
    quarantine = lists;
    return this;
  }

  /** Takes staged releases like what the index names. */
  Resolutions with(StagedReleases releases) {
    staged = releases;
    return this;
  }

  /** Whether somebody may be asked. */
  boolean asks() {
    return index != NOBODY;
  }

  private Duration age() throws CommandException, InterruptedException {
    return index instanceof HttpIndexSource online
        ? online.config().minReleaseAge()
        : Duration.ZERO;
  }

  /**
   * The packages that manifests take from the default registry; a project of folders alone, or one
   * with registries of its own, needs none.
   */
  static Set<PackageName> fromRegistries(ProjectManifests manifests) {
    Set<PackageName> names = new TreeSet<>();
    List<Manifest> all = new ArrayList<>(manifests.paths().values());
    all.add(manifests.root());
    for (FetchedPackage fetched : manifests.foreign().fetched().values()) {
      switch (fetched) {
        case FetchedPackage.FromGit git -> all.add(git.manifest());
        case FetchedPackage.FromUrl archive -> {
          for (PublishedDependency dependency : archive.metadata().dependencies()) {
            if (dependency.registry() == null && !manifests.isFixed(dependency.name())) {
              names.add(dependency.name());
            }
          }
        }
      }
    }
    for (Manifest manifest : all) {
      List<Dependency> dependencies = new ArrayList<>(manifest.dependencies().values());
      dependencies.addAll(manifest.devDependencies().values());
      for (Dependency dependency : dependencies) {
        boolean elsewhere =
            dependency.source() instanceof Dependency.Source.Registry(String key) && key != null;
        if (!elsewhere && !manifests.isFixed(dependency.name())) {
          names.add(dependency.name());
        }
      }
    }
    return names;
  }

  private static KnownRegistries.Known offlineRegistry(
      Session session, Collection<PackageName> wanted) throws CommandException {
    var address = session.settings().registry();
    if (address != null) {
      Optional<KnownRegistries.Known> known = session.known().byUrl(address.base());
      if (known.isPresent()) {
        return known.get();
      }
    }
    List<KnownRegistries.Known> all = session.known().all();
    if (all.size() == 1) {
      return all.getFirst();
    }
    throw new CommandException(
        "RAYA-NET-003",
        "offline, and "
            + (address == null
                ? "no registry is set"
                : "the registry at " + address.base() + " was never reached")
            + "; missing: the index documents of "
            + String.join(", ", wanted.stream().map(PackageName::text).sorted().toList()),
        "run the command once without --offline");
  }

  /**
   * What of the default registry's documents an offline resolution would miss first: those of the
   * packages that manifests on this machine ask for.
   *
   * @return nothing, or one finding that names them all
   * @throws CommandException if a document that is held cannot be read
   */
  static List<Finding> missingOffline(Session session, ProjectManifests manifests)
      throws CommandException {
    List<Manifest> all = new ArrayList<>(manifests.paths().values());
    all.add(manifests.root());
    Set<PackageName> wanted = new TreeSet<>();
    for (Manifest manifest : all) {
      List<Dependency> dependencies = new ArrayList<>(manifest.dependencies().values());
      dependencies.addAll(manifest.devDependencies().values());
      for (Dependency dependency : dependencies) {
        if (dependency.source() instanceof Dependency.Source.Registry(String key)
            && key == null
            && !manifests.isFixed(dependency.name())) {
          wanted.add(dependency.name());
        }
      }
    }
    if (wanted.isEmpty()) {
      return List.of();
    }
    KnownRegistries.Known known;
    try {
      known = offlineRegistry(session, wanted);
    } catch (CommandException neverReached) {
      return neverReached.findings();
    }
    HeldIndexSource held = session.heldIndex(known);
    List<String> names = new ArrayList<>();
    for (PackageName name : wanted) {
      if (held.held(name).isEmpty()) {
        names.add("the index document of " + name);
      }
    }
    return names.isEmpty() ? List.of() : missing(names).findings();
  }

  private static CommandException missing(List<String> names) {
    return new CommandException(
        ForeignReader.MISSING_OFFLINE,
        "offline, and this is missing: " + String.join(", ", names),
        "run the command once without --offline");
  }

  /** Where index documents come from. */
  public IndexSource index() {
    return index;
  }

  /** The registry's own name for itself. */
  public String origin() {
    return origin;
  }

  /**
   * Resolves.
   *
   * @param refused advisories whose hits are no candidates
   * @throws CommandException if there is no solution, or an index document cannot be had
   * @throws InterruptedException if the thread was interrupted
   */
  public ProjectResolution.Resolved resolve(
      ProjectManifests manifests,
      @Nullable Lockfile current,
      InstallRequest request,
      Advisories refused)
      throws CommandException, InterruptedException {
    expect(likely(manifests, current));
    IndexSources sources = indexes(manifests);
    ResolveOptions options = options(manifests, request, age(), refused);
    fetchEarly(manifests, current, request, options);
    ProjectResolution resolution;
    try {
      resolution = new ProjectResolver(manifests, current, options, sources).resolve();
    } catch (ProjectException e) {
      throw new CommandException(e.code(), e.text());
    } catch (CompletionException failed) {
      throw missingOr(IndexAnswers.cause(failed));
    }
    return switch (resolution) {
      case ProjectResolution.Resolved resolved -> resolved;
      case ProjectResolution.Failed failed -> throw ResolutionFailures.of(failed, quarantine);
    };
  }

  /** Begins to fetch what is likely, where no rule or lockfile may make it something else. */
  private void fetchEarly(
      ProjectManifests manifests,
      @Nullable Lockfile current,
      InstallRequest request,
      ResolveOptions options)
      throws CommandException, InterruptedException {
    if (!fetchesEarly
        || current != null
        || !staged.isEmpty()
        || !EarlyFetch.isLikely(manifests, request, options.policy())
        || !(index instanceof HttpIndexSource online)) {
      return;
    }
    Map<PackageName, VersionRange> roots = new TreeMap<>();
    List<Dependency> asked = new ArrayList<>(manifests.root().dependencies().values());
    asked.addAll(manifests.root().devDependencies().values());
    for (Dependency dependency : asked) {
      if (dependency.targets().isEmpty()
          && dependency.source() instanceof Dependency.Source.Registry(String key)
          && key == null) {
        roots.merge(dependency.name(), dependency.rangeOrAny(), VersionRange::intersect);
      }
    }
    early =
        EarlyFetch.begin(
            session,
            session.registry(),
            online,
            quarantine.of(origin, online).toCompletableFuture(),
            roots,
            null);
  }

  /** Lets what is likely be fetched while the resolution goes on. */
  Resolutions fetchingEarly() {
    fetchesEarly = true;
    return this;
  }

  /** What was begun to be fetched, for the install to end; null where nothing was. */
  @Nullable EarlyFetch takeEarly() {
    EarlyFetch taken = early;
    early = null;
    return taken;
  }

  /** The default registry's index, and one for each registry that a manifest takes from. */
  private IndexSources indexes(ProjectManifests manifests)
      throws CommandException, InterruptedException {
    for (String each : new TreeSet<>(manifests.foreign().origins().values())) {
      if (!each.equals(origin) && !others.containsKey(each)) {
        others.put(each, other(each));
      }
    }
    return new Sources(origin, staged.over(index), Map.copyOf(others));
  }

  /** The registries of a resolution, and what they hold back. */
  private final class Sources implements IndexSources {
    private final String first;
    private final IndexSource of;
    private final Map<String, IndexSource> reached;

    Sources(String first, IndexSource of, Map<String, IndexSource> reached) {
      this.first = first;
      this.of = of;
      this.reached = reached;
    }

    @Override
    public @Nullable IndexSource of(@Nullable String asked) {
      return asked == null || asked.equals(first) ? of : reached.get(asked);
    }

    @Override
    public @Nullable String stage(VersionLine line) {
      return staged.stage(line);
    }

    @Override
    public CompletionStage<QuarantineList> quarantine(@Nullable String asked) {
      if (asked == null || asked.equals(first)) {
        // Where nobody is asked, what is locked stays locked whatever a list says.
        return asks()
            ? quarantine.of(first, index)
            : CompletableFuture.completedFuture(QuarantineList.NONE);
      }
      IndexSource other = reached.get(asked);
      return other == null
          ? CompletableFuture.completedFuture(QuarantineList.NONE)
          : quarantine.of(asked, other);
    }
  }

  private IndexSource other(String of) throws CommandException, InterruptedException {
    if (session.settings().offline()) {
      Optional<KnownRegistries.Known> known = session.known().byOrigin(of);
      if (known.isPresent()) {
        return session.heldIndex(known.get());
      }
    }
    Registry registry = session.registryOf(of);
    return session.index(registry);
  }

  /** Asks in one request for documents that will be wanted. */
  public void expect(Collection<PackageName> names) {
    if (index instanceof HttpIndexSource online) {
      online.expect(names);
    }
  }

  /** What the project asks for, and what it was locked to. */
  private static Set<PackageName> likely(ProjectManifests manifests, @Nullable Lockfile current) {
    Set<PackageName> names = fromRegistries(manifests);
    for (LockedPackage locked : current == null ? List.<LockedPackage>of() : current.packages()) {
      if (locked.source() instanceof LockSource.Registry) {
        names.add(locked.name());
      }
    }
    return names;
  }

  /** The documents that the resolution has read. */
  Map<PackageName, IndexDocument> documents() {
    return index instanceof HttpIndexSource online ? online.found() : Map.of();
  }

  /** Offline, all of these that are missing are listed in the place of what failed first. */
  public CommandException missingOr(Collection<PackageName> wanted, CommandException failure) {
    if (index instanceof HeldIndexSource) {
      for (PackageName name : wanted) {
        index.document(name); // which notes what it does not hold
      }
    }
    return missingOr(failure);
  }

  /** Offline, everything that is missing is listed, not only what failed first. */
  private CommandException missingOr(CommandException failure) {
    List<String> names = new ArrayList<>();
    List<IndexSource> all = new ArrayList<>(others.values());
    all.addFirst(index);
    for (IndexSource each : all) {
      if (each instanceof HeldIndexSource held) {
        for (PackageName name : held.missing()) {
          names.add("the index document of " + name);
        }
      }
    }
    if (!names.isEmpty()) {
      return missing(names);
    }
    return failure;
  }

  private ResolveOptions options(
      ProjectManifests manifests, InstallRequest request, Duration policyAge, Advisories refused) {
    return new ResolveOptions(
        request.rules().preReleases(),
        request.rules().preference(),
        session.now(),
        new Policies(session, manifests.root()).release(request, policyAge, refused),
        toolchainVersion(),
        origin,
        request.update(),
        false,
        everybody(session));
  }

  /** What every package may do without being asked. */
  static List<Capability> everybody(Session session) {
    return session.settings().trustLevel() == TrustLevel.STRICT
        ? List.of()
        : ResolveOptions.EVERYBODY;
  }

  /** The version of this toolchain. */
  static Version toolchainVersion() {
    try {
      return Version.parse(ProgramVersion.CURRENT);
    } catch (VersionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Gives up what was begun to be fetched; documents that were read stay with the session. */
  @Override
  public void close() throws InterruptedException {
    EarlyFetch left = takeEarly();
    if (left != null) {
      left.cancel();
    }
  }
}
