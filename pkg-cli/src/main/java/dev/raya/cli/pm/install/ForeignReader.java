package dev.raya.cli.pm.install;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.WebArchives;
import dev.raya.cli.pm.fetch.git.GitAddress;
import dev.raya.cli.pm.fetch.git.GitCheckout;
import dev.raya.cli.pm.fetch.git.GitStore;
import dev.raya.cli.pm.project.Manifests;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Dependency.Source;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.SourcePosition;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.FetchedPackage;
import dev.raya.resolver.project.ForeignSources;
import dev.raya.resolver.project.ProjectManifests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds what manifests take from elsewhere, before a resolution or a check of the lockfile: the
 * commits of git dependencies with their manifests, followed in turn; archives on the web; and the
 * origins of the registries that dependencies name. What the lockfile pins is taken as pinned. For
 * one run and one thread.
 */
final class ForeignReader {
  /** Packages that git manifests may lead to. */
  private static final int MAX_PACKAGES = 1_000;

  private static final String MALFORMED = "RAYA-PKG-001";
  static final String MISSING_OFFLINE = "RAYA-NET-003";

  private final Session session;
  private final ProjectManifests manifests;
  private final @Nullable Lockfile current;
  private final Set<PackageName> update;
  private final boolean certain;
  private final Map<PackageName, FetchedPackage> fetched = new LinkedHashMap<>();
  private final Map<PackageName, Path> checkouts = new LinkedHashMap<>();
  private final Map<PackageName, SourcePosition> asked = new LinkedHashMap<>();
  private final Set<Reference> references = new HashSet<>();
  private final Map<String, String> origins = new LinkedHashMap<>();
  private final Deque<Reading> open = new ArrayDeque<>();
  private final List<Finding> missing = new ArrayList<>();

  /**
   * A manifest to be followed.
   *
   * @param commit the commit that holds it; null where it lies on this machine by the user's doing
   * @param folder its folder in the commit
   */
  private record Reading(Manifest manifest, @Nullable CommitPackages commit, String folder) {
    static Reading own(Manifest manifest) {
      return new Reading(manifest, null, "");
    }

    boolean own() {
      return commit == null;
    }
  }

  /** A tag, branch or rev by which a package was asked for. */
  private record Reference(PackageName name, Source.Git source) {}

  /**
   * Reads for a project.
   *
   * @param manifests its manifests and those of its path packages
   * @param current its lockfile, or null
   * @param update names that leave what the lockfile pins
   */
  ForeignReader(
      Session session,
      ProjectManifests manifests,
      @Nullable Lockfile current,
      Set<PackageName> update) {
    this.session = session;
    this.manifests = manifests;
    this.current = current;
    this.update = Set.copyOf(update);
    this.certain = current != null && current.manifest().equals(manifests.digest());
  }

  /**
   * The project's manifests with what they take from elsewhere.
   *
   * @throws CommandException if something cannot be had, is malformed or contradicts another
   * @throws InterruptedException if the thread was interrupted
   */
  ProjectManifests read() throws CommandException, InterruptedException {
    open.add(Reading.own(manifests.root()));
    manifests.paths().values().forEach(manifest -> open.add(Reading.own(manifest)));
    while (!open.isEmpty()) {
      Reading reading = open.remove();
      List<Dependency> dependencies = new ArrayList<>(reading.manifest().dependencies().values());
      if (reading.own()) {
        dependencies.addAll(reading.manifest().devDependencies().values());
      }
      for (Dependency dependency : dependencies) {
        follow(reading, dependency);
      }
    }
    if (!missing.isEmpty()) {
      missing.addAll(missingElsewhere());
      throw new CommandException(missing);
    }
    return fetched.isEmpty() && origins.isEmpty()
        ? manifests
        : manifests.with(new ForeignSources(fetched, origins));
  }

  /** What registries would have to give as well: all that is to be had online is told at once. */
  private List<Finding> missingElsewhere() throws CommandException {
    if (current == null) {
      return Resolutions.missingOffline(session, manifests);
    }
    try {
      List<PackageClaim> lacking = new ArrayList<>();
      for (PackageClaim claim : Installer.claims(current)) {
        if (session.cache().get(claim.checksum()).isEmpty()) {
          lacking.add(claim);
        }
      }
      return lacking.isEmpty() ? List.of() : LockStructure.offline(lacking).findings();
    } catch (IOException unreadable) {
      throw Failure.of(unreadable);
    }
  }

  /** The folder of each git package's files. */
  Map<PackageName, Path> checkouts() {
    return Map.copyOf(checkouts);
  }

  private void follow(Reading from, Dependency dependency)
      throws CommandException, InterruptedException {
    try {
      switch (dependency.source()) {
        case Source.Registry(String key) -> {
          if (key != null) {
            origin(from.manifest(), key);
          }
        }
        case Source.Path(String path) -> {
          if (from.commit() != null) {
            beside(from.commit(), from.folder(), dependency, path);
          }
        }
        case Source.Git git -> git(from, dependency, git);
        case Source.Url(String url) -> url(dependency, url);
        case Source.Workspace workspace ->
            throw new CommandException(
                MALFORMED, dependency.alias() + ": workspace = true, and there is no workspace");
      }
    } catch (CommandException failed) {
      CommandException placed = at(dependency.position(), failed);
      if (!placed.findings().getFirst().code().equals(MISSING_OFFLINE)) {
        throw placed;
      }
      // Whoever goes online once wants to know all that is to be had.
      missing.addAll(placed.findings());
    }
  }

  private void git(Reading from, Dependency dependency, Source.Git source)
      throws CommandException, InterruptedException {
    GitAddress address = GitAddress.parse(source.url(), from.own());
    PackageName name = dependency.name();
    boolean taken = isTaken(dependency, source);
    if (manifests.isFixed(name) || !references.add(new Reference(name, source))) {
      return;
    }
    GitCheckout checkout =
        new GitStore(session)
            .checkout(
                source,
                address,
                lockedCommit(name, source.url()),
                certain && !update.contains(name));
    CommitPackages commit = new CommitPackages(source.url(), checkout);
    CommitPackages.Found found = commit.named(name);
    if (!taken) {
      take(commit, dependency, found);
    } else if (fetched.get(name) instanceof FetchedPackage.FromGit first
        && !(first.commit().equals(commit.commit()) && first.folder().equals(found.folder()))) {
      throw new CommandException(
          MALFORMED,
          name
              + " comes from two places of one repository: "
              + commit.place(found.folder())
              + " here and "
              + CommitPackages.place(first.url(), first.commit(), first.folder())
              + " at "
              + asked.get(name),
          "give both the same tag, branch or rev",
          "if the lockfile holds one of them to an older commit, `raya-pm update " + name + "`");
    }
  }

  /** A path dependency of a git package: a folder of the same commit, or nothing that is there. */
  private void beside(CommitPackages commit, String from, Dependency dependency, String path)
      throws CommandException {
    Optional<String> folder = CommitPackages.resolve(from, path);
    if (folder.isEmpty()) {
      if (dependency.range() == null) {
        throw new CommandException(
            MALFORMED,
            dependency.alias() + ": the path " + path + " leads out of the repository",
            "a git package's path dependency lies in its repository or gives a version too");
      }
      return;
    }
    if (manifests.isFixed(dependency.name())) {
      return;
    }
    FetchedPackage other = fetched.get(dependency.name());
    if (other == null) {
      CommitPackages.Found found = commit.at(folder.get());
      requireName(dependency, found.manifest().name(), commit.place(folder.get()));
      take(commit, dependency, found);
    } else if (!(other instanceof FetchedPackage.FromGit git
        && git.url().equals(commit.url())
        && git.commit().equals(commit.commit())
        && git.folder().equals(folder.get()))) {
      throw twoPlaces(dependency);
    }
  }

  private void take(CommitPackages commit, Dependency dependency, CommitPackages.Found found)
      throws CommandException {
    add(
        dependency,
        new FetchedPackage.FromGit(
            commit.url(), commit.commit(), found.folder(), found.tree(), found.manifest()));
    checkouts.put(dependency.name(), found.files());
    open.add(new Reading(found.manifest(), commit, found.folder()));
  }

  private @Nullable String lockedCommit(PackageName name, String url) {
    for (LockedPackage locked : versionsOf(name)) {
      if (locked.source() instanceof LockSource.Git(String from, String commit)
          && from.equals(url)
          && !update.contains(name)) {
        return commit;
      }
    }
    return null;
  }

  private void url(Dependency dependency, String url)
      throws CommandException, InterruptedException {
    if (isTaken(dependency, dependency.source())) {
      return;
    }
    Digest pinned = null;
    for (LockedPackage locked : versionsOf(dependency.name())) {
      if (locked.source().equals(new LockSource.Url(url)) && !update.contains(locked.name())) {
        pinned = locked.checksum();
      }
    }
    FetchedPackage.FromUrl archive = new WebArchives(session).take(url, pinned);
    requireName(dependency, archive.metadata().name(), url);
    add(dependency, archive);
  }

  private Collection<LockedPackage> versionsOf(PackageName name) {
    return current == null ? List.of() : current.versionsOf(name);
  }

  private static void requireName(Dependency dependency, @Nullable PackageName found, String url)
      throws CommandException {
    if (!dependency.name().equals(found)) {
      throw new CommandException(
          MALFORMED,
          url + " holds the package " + found + ", not " + dependency.name(),
          "write " + found + " as the key, or package = \"" + found + "\"");
    }
  }

  /**
   * A folder of the project stands in for its package everywhere; else one repository or archive
   * for each name. That two references of a repository mean the same is not looked at here.
   */
  private boolean isTaken(Dependency dependency, Source source) throws CommandException {
    if (manifests.isFixed(dependency.name())) {
      return true;
    }
    FetchedPackage other = fetched.get(dependency.name());
    if (other == null) {
      return false;
    }
    boolean same =
        switch (other) {
          case FetchedPackage.FromGit git ->
              source instanceof Source.Git(String url, var kind, String reference)
                  && url.equals(git.url());
          case FetchedPackage.FromUrl archive ->
              source instanceof Source.Url(String url) && url.equals(archive.url());
        };
    if (!same) {
      throw twoPlaces(dependency);
    }
    return true;
  }

  private CommandException twoPlaces(Dependency dependency) {
    return new CommandException(
        MALFORMED,
        dependency.name() + " comes from two places, here and at " + asked.get(dependency.name()),
        "give it one source");
  }

  private void add(Dependency dependency, FetchedPackage found) throws CommandException {
    if (fetched.size() >= MAX_PACKAGES) {
      throw new CommandException(
          MALFORMED, "more than " + MAX_PACKAGES + " packages from git and archives");
    }
    fetched.put(dependency.name(), found);
    asked.put(dependency.name(), dependency.position());
  }

  private void origin(Manifest manifest, String key) throws CommandException, InterruptedException {
    Manifest.RegistryEntry entry = manifest.registries().get(key);
    if (entry == null) {
      throw new CommandException(MALFORMED, "no registry \"" + key + "\" in [registries]");
    }
    String place = ForeignSources.key(manifest.file(), key);
    if (origins.containsKey(place)) {
      return;
    }
    RegistryAddress address = session.settings().named(entry.url(), entry.root());
    Optional<KnownRegistries.Known> known = session.known().byUrl(address.base());
    String origin;
    if (known.isPresent()
        && (address.root() == null || address.root().equals(known.get().root()))) {
      origin = known.get().origin();
    } else if (session.settings().offline()) {
      throw new CommandException(
          "RAYA-NET-003",
          "offline, and the registry at " + address.base() + " was never reached",
          "run the command once without --offline");
    } else {
      origin = session.reach(address).config().origin();
    }
    session.name(origin, address);
    origins.put(place, origin);
  }

  /** A finding without a place of its own gets that of the dependency. */
  private static CommandException at(SourcePosition position, CommandException failed) {
    List<Finding> placed = new ArrayList<>();
    for (Finding finding : failed.findings()) {
      placed.add(finding.span() != null ? finding : finding.at(Manifests.span(position)));
    }
    return new CommandException(placed);
  }
}
