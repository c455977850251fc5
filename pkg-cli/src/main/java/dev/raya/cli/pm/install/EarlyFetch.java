package dev.raya.cli.pm.install;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.fetch.HttpIndexSource;
import dev.raya.cli.pm.fetch.PackageFetcher;
import dev.raya.cli.pm.fetch.Registry;
import dev.raya.cli.pm.trust.PackageClaim;
import dev.raya.resolver.audit.QuarantineList;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.index.IndexLine.StatusLine;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Overrides;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.policy.ReleasePolicy;
import dev.raya.resolver.project.ProjectManifests;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches what the resolution will most likely choose while it still goes on: of each package that
 * the batch of index documents reaches from the project's own requirements, the highest version
 * that all requirements met so far allow. Every archive passes the same checks as any other before
 * it enters the cache, so that a wrong guess costs its bytes and nothing else
 * (docs/decisions/0162).
 */
final class EarlyFetch {
  /** Larger guesses are left to the resolution. */
  private static final long MAX_BYTES = 512L << 20;

  private final Session session;
  private final Registry registry;
  private final HttpIndexSource index;
  private final CompletableFuture<QuarantineList> quarantine;
  private final Map<PackageName, VersionRange> wanted;
  private final Set<PackageName> roots;
  private final @Nullable LockedAhead locked;
  private final Thread thread;
  private final CompletableFuture<Set<PackageClaim>> needed = new CompletableFuture<>();
  private volatile @Nullable CommandException failure;
  private volatile Set<PackageClaim> guessed = Set.of();
  private volatile Set<PackageClaim> brought = Set.of();
  private volatile Map<Digest, PackageMetadata> metadata = Map.of();

  private EarlyFetch(
      Session session,
      Registry registry,
      HttpIndexSource index,
      CompletableFuture<QuarantineList> quarantine,
      Map<PackageName, VersionRange> roots,
      @Nullable LockedAhead locked) {
    this.quarantine = quarantine;
    this.locked = locked;
    this.session = session;
    this.registry = registry;
    this.index = index;
    this.wanted = new TreeMap<>(roots);
    this.roots = Set.copyOf(roots.keySet());
    this.thread = Thread.ofVirtual().name("early-fetch").unstarted(this::run);
  }

  /**
   * Whether the highest versions in range are likely: no rule of user, project or command makes the
   * choice another one, and the command fetches what it chooses.
   *
   * @param policy what is taken of what is published
   */
  static boolean isLikely(
      ProjectManifests manifests, InstallRequest request, ReleasePolicy policy) {
    return !request.lockOnly()
        && !request.production()
        && request.rules().isNone()
        && policy.equals(ReleasePolicy.OPEN)
        && manifests.root().constraints().isEmpty()
        && Overrides.of(manifests.root()).ranges().isEmpty();
  }

  /**
   * Begins; what the index is going to be asked for must have been announced to it.
   *
   * @param roots what the project asks for, or what is new of that
   * @param locked what is locked, and likely to stay so; null where there is no lockfile
   */
  static EarlyFetch begin(
      Session session,
      Registry registry,
      HttpIndexSource index,
      CompletableFuture<QuarantineList> quarantine,
      Map<PackageName, VersionRange> roots,
      @Nullable LockedAhead locked) {
    EarlyFetch fetch = new EarlyFetch(session, registry, index, quarantine, roots, locked);
    fetch.thread.start();
    return fetch;
  }

  /**
   * Lets what was guessed right enter the cache, and waits for it.
   *
   * @param claims what the lockfile asks for
   * @return those of them that have been fetched and checked
   * @throws InterruptedException if the thread was interrupted
   */
  Set<PackageClaim> end(List<PackageClaim> claims) throws InterruptedException {
    needed.complete(Set.copyOf(claims));
    thread.join();
    return brought;
  }

  /**
   * Why {@link #end} did not bring these; null if they were not all guessed, or if something else
   * was guessed too, which the failure may be about.
   */
  @Nullable CommandException failure(List<PackageClaim> missing) {
    return guessed.containsAll(missing) && needed.join().containsAll(guessed) ? failure : null;
  }

  /** The {@code metadata.json} of what {@link #end} has brought, by the archives' checksums. */
  Map<Digest, PackageMetadata> metadata() {
    return metadata;
  }

  /**
   * Gives up: there is nothing to install.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  void cancel() throws InterruptedException {
    needed.complete(Set.of());
    thread.interrupt();
    thread.join();
  }

  private void run() {
    try {
      Map<PackageName, IndexDocument> documents = new TreeMap<>();
      Map<PackageName, VersionLine> chosen = closure(documents);
      List<PackageClaim> claims = new ArrayList<>();
      long bytes = 0;
      for (Map.Entry<PackageName, VersionLine> each : chosen.entrySet()) {
        PackageClaim claim =
            PackageClaim.of(each.getKey(), registry.config().origin(), each.getValue());
        if (session.cache().get(claim.checksum()).isEmpty()) {
          claims.add(claim);
          bytes += claim.size();
        }
      }
      if (bytes > MAX_BYTES) {
        return;
      }
      if (needed.isDone()) {
        claims.retainAll(needed.join());
      }
      PackageFetcher fetcher = new PackageFetcher(session, registry, documents, needed);
      try {
        fetcher.fetch(claims);
      } catch (CommandException failed) {
        // Asked for once more it would be too much of a registry that is busy.
        guessed = Set.copyOf(claims);
        failure = failed;
        return;
      }
      metadata = fetcher.metadata();
      Set<PackageClaim> fetched = new HashSet<>(claims);
      fetched.retainAll(needed.join());
      brought = fetched;
    } catch (IOException | CompletionException refused) {
      // What is wrong with a package that is really needed, the install itself finds and says.
      return;
    } catch (InterruptedException over) {
      return;
    }
  }

  private Map<PackageName, VersionLine> closure(Map<PackageName, IndexDocument> documents)
      throws InterruptedException {
    QuarantineList heldBack = quarantine.join();
    Map<PackageName, List<Version>> kept = kept();
    Map<PackageName, VersionLine> chosen = new TreeMap<>();
    Deque<PackageName> open = new ArrayDeque<>();
    for (Map.Entry<PackageName, VersionRange> root : wanted.entrySet()) {
      if (!holds(kept, root.getKey(), root.getValue())) {
        open.add(root.getKey());
      }
    }
    while (!open.isEmpty()) {
      PackageName name = open.remove();
      IndexDocument document = documents.get(name);
      if (document == null) {
        Optional<IndexDocument> arrived = index.arrived(name);
        if (arrived.isEmpty()) {
          continue;
        }
        document = arrived.get();
        documents.put(name, document);
      }
      VersionLine best = highest(document, wanted.getOrDefault(name, VersionRange.ANY), heldBack);
      VersionLine before = best == null ? chosen.remove(name) : chosen.put(name, best);
      if (best == null || (before != null && before.version().equals(best.version()))) {
        continue;
      }
      for (PublishedDependency dependency : followed(best, kept)) {
        VersionRange known = wanted.get(dependency.name());
        VersionRange both =
            known == null ? dependency.range() : known.intersect(dependency.range());
        if (known == null || (!both.isNone() && !both.equals(known))) {
          wanted.put(dependency.name(), both);
          open.add(dependency.name());
        }
      }
    }
    return reached(chosen, kept);
  }

  /** Without what only versions needed that were given up meanwhile. */
  private Map<PackageName, VersionLine> reached(
      Map<PackageName, VersionLine> chosen, Map<PackageName, List<Version>> kept) {
    Map<PackageName, VersionLine> reached = new TreeMap<>();
    Deque<PackageName> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      PackageName name = open.remove();
      VersionLine line = chosen.get(name);
      if (line != null && reached.put(name, line) == null) {
        followed(line, kept).forEach(dependency -> open.add(dependency.name()));
      }
    }
    return reached;
  }

  /** What a version needs in any case, and what is locked does not give it. */
  private static List<PublishedDependency> followed(
      VersionLine line, Map<PackageName, List<Version>> kept) {
    List<PublishedDependency> followed = new ArrayList<>();
    for (PublishedDependency dependency : line.dependencies()) {
      if (!dependency.optional()
          && dependency.registry() == null
          && dependency.targets().isEmpty()
          && !holds(kept, dependency.name(), dependency.range())) {
        followed.add(dependency);
      }
    }
    return followed;
  }

  private Map<PackageName, List<Version>> kept() throws InterruptedException {
    Map<PackageName, List<Version>> kept = new TreeMap<>();
    LockedAhead.Seen seen = locked == null ? null : locked.seen();
    for (LockedPackage each :
        seen == null ? List.<LockedPackage>of() : seen.lockfile().packages()) {
      kept.computeIfAbsent(each.name(), name -> new ArrayList<>()).add(each.version());
    }
    return kept;
  }

  private static boolean holds(
      Map<PackageName, List<Version>> kept, PackageName name, VersionRange range) {
    for (Version version : kept.getOrDefault(name, List.of())) {
      if (range.contains(version)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable VersionLine highest(
      IndexDocument document, VersionRange range, QuarantineList heldBack) {
    VersionLine best = null;
    Map<Version, StatusLine> statuses = document.statuses();
    for (VersionLine line : document.versions()) {
      StatusLine status = statuses.get(line.version());
      boolean refused =
          (status != null && (status.yanked() || status.tombstone()))
              || heldBack.reason(document.name(), line.version()) != null;
      if (!refused
          && range.matches(line.version(), false)
          && (best == null || line.version().compareTo(best.version()) > 0)) {
        best = line;
      }
    }
    return best;
  }
}
