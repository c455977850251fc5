package dev.raya.resolver.project;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.explain.Places;
import dev.raya.resolver.explain.Situation;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.index.IndexSource.IndexAnswer;
import dev.raya.resolver.lock.Edges;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.LockedPackage.LockedDependency;
import dev.raya.resolver.lock.LockedPackage.LogEntry;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.Overrides;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.ProjectResolution.MissingGrant;
import dev.raya.resolver.solve.Candidate;
import dev.raya.resolver.solve.CandidateSource;
import dev.raya.resolver.solve.FirstChoices;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a project: manifests and index documents in, a lockfile or the reason why there is none
 * out. Serves one resolution, on the thread that calls it.
 */
public final class ProjectResolver {
  private final ProjectManifests manifests;
  private final @Nullable Lockfile current;
  private final ResolveOptions options;
  private final Overrides overrides;
  private final String origin;
  private final Map<String, List<Version>> locked;
  private final Set<String> kept;
  private final IndexSources indexes;
  private final ProjectCandidates candidates;

  /**
   * Takes what a resolution reads.
   *
   * @param manifests the project's
   * @param current the lockfile whose versions are kept where they still fit, or null
   * @param options what the command adds
   * @param index where index documents of the default registry, the only one, come from
   */
  public ProjectResolver(
      ProjectManifests manifests,
      @Nullable Lockfile current,
      ResolveOptions options,
      IndexSource index) {
    this(manifests, current, options, IndexSources.only(index));
  }

  /**
   * Takes what a resolution with several registries reads.
   *
   * @param manifests the project's
   * @param current the lockfile whose versions are kept where they still fit, or null
   * @param options what the command adds
   * @param indexes where index documents come from
   */
  public ProjectResolver(
      ProjectManifests manifests,
      @Nullable Lockfile current,
      ResolveOptions options,
      IndexSources indexes) {
    this.manifests = manifests;
    this.current = current;
    this.options = options;
    this.overrides = Overrides.of(manifests.root());
    this.origin = options.origin();
    this.locked = locked();
    this.kept = kept();
    this.indexes = indexes;
    this.candidates = new ProjectCandidates(manifests, options, indexes, kept);
  }

  /**
   * Resolves.
   *
   * @throws ProjectException if packages need each other (RAYA-PKG-014), two provide one native
   *     module (RAYA-PKG-013), or a requirement of the project does not say which of two lines it
   *     means (RAYA-RES-001)
   * @throws CompletionException if the index could not be read; its cause says why
   */
  public ProjectResolution resolve() throws ProjectException {
    boolean some = current != null && !options.updateAll() && !options.update().isEmpty();
    if (some
        && new Solver(request(Map.of()), candidates).solve()
            instanceof SolverResult.Solved(List<Chosen> free, var statistics)) {
      return lock(keeping(free));
    }
    Optional<List<Chosen>> plain = FirstChoices.of(request(locked), candidates);
    return plain.isPresent() ? lock(plain.get()) : search();
  }

  /**
   * As {@link #resolve} of a project where no package is named for an update, by a search even
   * where a walk would do.
   */
  ProjectResolution search() throws ProjectException {
    SolverRequest request = request(locked);
    SolverResult result = new Solver(request, candidates).solve();
    if (result instanceof SolverResult.Solved(List<Chosen> chosen, var statistics)) {
      return lock(chosen);
    }
    return new ProjectResolution.Failed(request, candidates, result, situation());
  }

  /**
   * Resolves if that takes no second thought: no version that was tried had to be given up, every
   * locked package stays, and every other one is the highest that each of its dependents may take
   * by itself. Then {@link #resolve} comes to the same, whatever other versions of the locked
   * packages there are. Asks for no explanation where it does not.
   *
   * @return nothing if a second thought is needed, or there is no solution
   * @throws ProjectException as {@link #resolve}
   * @throws CompletionException as {@link #resolve}
   */
  public Optional<ProjectResolution.Resolved> resolveAtFirstChoice() throws ProjectException {
    Optional<ProjectResolution.Resolved> plain = resolveWithoutSearch();
    if (plain.isEmpty()
        && new Solver(request(locked), candidates).solve()
            instanceof SolverResult.Solved(List<Chosen> chosen, var statistics)
        && statistics.conflicts() == 0) {
      return lockAtFirstChoice(chosen);
    }
    return plain;
  }

  /**
   * As {@link #resolveAtFirstChoice}, where of all that is locked there is one version of each name
   * and nothing has to be decided. Ranges between locked packages then count only in that they are
   * met.
   *
   * @return nothing if it takes a search to tell
   * @throws ProjectException as {@link #resolve}
   * @throws CompletionException as {@link #resolve}
   */
  public Optional<ProjectResolution.Resolved> resolveWithoutSearch() throws ProjectException {
    Optional<List<Chosen>> chosen = FirstChoices.of(request(locked), candidates);
    return chosen.isPresent() ? lockAtFirstChoice(chosen.get()) : Optional.empty();
  }

  private Optional<ProjectResolution.Resolved> lockAtFirstChoice(List<Chosen> chosen)
      throws ProjectException {
    boolean[] first = {true};
    ProjectResolution.Resolved resolved =
        lock(chosen, (node, range) -> first[0] = first[0] && isFirstChoice(node, range));
    return first[0] ? Optional.of(resolved) : Optional.empty();
  }

  /**
   * Whether a version is the one that a requirement takes by itself: the highest locked one that it
   * lets through, or the highest of all. Of several locked ones of which just one may stay a search
   * over all versions may take neither.
   */
  private boolean isFirstChoice(Node node, VersionRange range) {
    String name = node.required().text();
    if (candidates.local(node.name()) != null) {
      return true;
    }
    if (kept.contains(name + ' ' + node.version().precedence())) {
      List<Version> all = locked.getOrDefault(name, List.of());
      return all.size() < 2
          || (!manifests.root().resolution().strict()
              && node.version().equals(highest(all, range)));
    }
    List<Version> open =
        candidates.candidates(name).toCompletableFuture().join().stream()
            .filter(each -> !each.masked())
            .map(Candidate::version)
            .toList();
    return node.version().equals(highest(open, range));
  }

  /** The highest version that a range lets through, or null. */
  private @Nullable Version highest(List<Version> versions, VersionRange range) {
    Version highest = null;
    for (Version each : versions) {
      if (range.matches(each, options.preReleases())
          && (highest == null || each.compareTo(highest) > 0)) {
        highest = each;
      }
    }
    return highest;
  }

  /** Where overrides and the strict strategy are written. */
  private Situation situation() {
    Manifest root = manifests.root();
    return new Situation(
        Overrides.positions(root),
        root.resolution().strict() ? root.file() : "",
        candidates.relaxations(),
        Places.of(manifests.all()));
  }

  /**
   * An update of named packages takes the versions that they have where nothing is locked, and of
   * all others those that are locked, as far as these go together. One solve alone would keep a
   * named package where it is as soon as its newer version needs more of a locked one.
   *
   * @param free the solution without locks, which shows that the named versions can be had
   */
  private List<Chosen> keeping(List<Chosen> free) {
    Map<String, List<Version>> named = new TreeMap<>();
    for (Chosen one : free) {
      RequiredName required = RequiredName.tryParse(one.name());
      if (required != null && options.update().contains(required.name())) {
        named.computeIfAbsent(one.name(), n -> new ArrayList<>()).add(one.version());
      }
    }
    CandidateSource narrowed =
        name ->
            candidates
                .candidates(name)
                .thenApply(
                    all -> {
                      List<Version> only = named.get(name);
                      return only == null
                          ? all
                          : all.stream().filter(each -> only.contains(each.version())).toList();
                    });
    SolverResult result = new Solver(request(locked), narrowed).solve();
    // The budget may run out on the way to a solution that is known to exist; then it is that one.
    return result instanceof SolverResult.Solved(List<Chosen> chosen, var statistics)
        ? chosen
        : free;
  }

  private Map<String, List<Version>> locked() {
    Map<String, List<Version>> locked = new TreeMap<>();
    for (LockedPackage pkg : keptPackages()) {
      locked.computeIfAbsent(solverName(pkg), n -> new ArrayList<>()).add(pkg.version());
    }
    return locked;
  }

  /** The locked packages that the command does not ask to update. */
  private List<LockedPackage> keptPackages() {
    return current == null || options.updateAll()
        ? List.of()
        : current.packages().stream()
            .filter(pkg -> !options.update().contains(pkg.name()))
            .toList();
  }

  private Set<String> kept() {
    Set<String> kept = new HashSet<>();
    for (LockedPackage pkg : keptPackages()) {
      kept.add(solverName(pkg) + ' ' + pkg.version().precedence());
    }
    return kept;
  }

  /** The solver's name of a locked package, with the registry that it was locked from. */
  private String solverName(LockedPackage pkg) {
    String from =
        pkg.source() instanceof LockSource.Registry(String registry) && !registry.equals(origin)
            ? registry
            : null;
    return new RequiredName(pkg.name(), from).text();
  }

  private SolverRequest request(Map<String, List<Version>> locked) {
    Manifest root = manifests.root();
    List<Need> roots = new ArrayList<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      roots.add(candidates.need(dependency, List.of()));
    }
    return new SolverRequest(
        roots,
        root.resolution().strict() ? SolverRequest.Mode.SINGLE : SolverRequest.Mode.MAJORS,
        Set.of(),
        locked,
        overrides.ranges(),
        options.preReleases(),
        options.preference(),
        SolverRequest.DEFAULT_BUDGET);
  }

  /** What is known of a chosen package before its edges are drawn. */
  private record Node(RequiredName required, Version version, List<String> features) {
    PackageName name() {
      return required.name();
    }

    String id() {
      return name().text() + ' ' + version.precedence();
    }
  }

  /** What a requirement of the project leads to, by its id. */
  private record RootEdge(Dependency dependency, String to) {}

  private ProjectResolution.Resolved lock(List<Chosen> chosen) throws ProjectException {
    return lock(chosen, (node, range) -> {});
  }

  /**
   * Draws the edges of a solution.
   *
   * @param edge told of the end of each and of the range that was asked for
   */
  private ProjectResolution.Resolved lock(List<Chosen> chosen, BiConsumer<Node, VersionRange> edge)
      throws ProjectException {
    Map<String, List<Node>> byName = new LinkedHashMap<>();
    Map<String, Node> byId = new LinkedHashMap<>();
    for (Chosen one : chosen) {
      RequiredName required = RequiredName.tryParse(one.name());
      if (required == null) {
        throw new IllegalStateException("the solver chose what was no candidate");
      }
      Node node = new Node(required, one.version(), one.features());
      byName.computeIfAbsent(one.name(), n -> new ArrayList<>()).add(node);
      byId.put(node.id(), node);
    }
    requireOneRegistryOfEach(byName);
    PackageGraph graph = new PackageGraph();
    List<Grants.Edge> edges = new ArrayList<>();
    List<RootEdge> rootEdges = new ArrayList<>();
    Map<String, List<LockedDependency>> dependencies = new LinkedHashMap<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      Node to = target(Overrides.ROOT, Wanted.of(dependency, manifests.foreign()), byName, edge);
      graph.add("", to.id());
      edges.add(new Grants.Edge("", to.id(), dependency.grant()));
      rootEdges.add(new RootEdge(dependency, to.id()));
    }
    for (Node node : byId.values()) {
      List<LockedDependency> list = new ArrayList<>();
      for (Wanted wanted : wanted(node)) {
        Node to = target(node.name().text(), wanted, byName, edge);
        list.add(new LockedDependency(wanted.alias(), to.name(), to.version()));
        // A member's dev-dependencies are the project's: a cycle through them is none.
        graph.add(wanted.development() ? "" : node.id(), to.id());
        edges.add(
            new Grants.Edge(
                manifests.isMember(node.name()) ? "" : node.id(), to.id(), wanted.grant()));
      }
      dependencies.put(node.id(), list);
    }
    List<String> order = graph.order();
    Map<String, PackageName> names = new LinkedHashMap<>();
    byId.forEach((id, node) -> names.put(id, node.name()));
    Map<String, List<Capability>> granted =
        Grants.compute(
            order,
            names,
            edges,
            manifests.root().grants(),
            options.granted(),
            new Grants.Members(this::isMember, nativesOf(byId.values())));
    List<LockedPackage> packages = new ArrayList<>();
    for (String id : order) {
      Node node = byId.get(id);
      if (node != null) {
        packages.add(
            locked(
                node,
                dependencies.getOrDefault(id, List.of()),
                granted.getOrDefault(id, List.of())));
      }
    }
    requireOneProviderOfEachNative(packages);
    Version pinned = manifests.root().toolchain();
    Lockfile.LockedToolchain toolchain = null;
    if (pinned != null) {
      Lockfile.LockedToolchain before = current == null ? null : current.toolchain();
      toolchain =
          before != null && before.version().equals(pinned)
              ? before
              : new Lockfile.LockedToolchain(pinned, Map.of());
    }
    Lockfile lockfile = new Lockfile(manifests.digest(), toolchain, packages);
    requireClearEdges(lockfile, rootEdges);
    return new ProjectResolution.Resolved(lockfile, missing(packages, graph));
  }

  private boolean isMember(PackageName name) {
    return manifests.isMember(name);
  }

  /** The native modules that the chosen packages provide. */
  private Set<String> nativesOf(Collection<Node> nodes) {
    Set<String> modules = new TreeSet<>();
    for (Node node : nodes) {
      if (candidates.local(node.name()) == null) {
        line(node).natives().forEach(blob -> modules.add(blob.module()));
      }
    }
    return modules;
  }

  /**
   * The project's own edges are not written down; whoever reads the lockfile must find the same
   * ones. That fails only where a requirement spans lines of one name of which just some have its
   * default features on.
   */
  private void requireClearEdges(Lockfile lockfile, List<RootEdge> rootEdges)
      throws ProjectException {
    for (RootEdge edge : rootEdges) {
      Dependency dependency = edge.dependency();
      LockedPackage found = Edges.choose(lockfile, manifests.root(), dependency);
      if (found == null || !found.id().equals(edge.to())) {
        throw new ProjectException(
            ResolverCode.NO_SOLUTION,
            dependency.position()
                + ": "
                + dependency.name()
                + ' '
                + dependency.rangeOrAny()
                + " spans versions that are there with different features; ask for the one of "
                + edge.to());
      }
    }
  }

  /** The highest chosen version that meets a requirement with all its features on. */
  private Node target(
      String from,
      Wanted wanted,
      Map<String, List<Node>> byName,
      BiConsumer<Node, VersionRange> edge) {
    VersionRange range = overrides.effective(from, wanted.name(), wanted.range());
    String name = candidates.required(wanted.name(), wanted.origin()).text();
    Node best = null;
    for (Node node : byName.getOrDefault(name, List.of())) {
      if (range.matches(node.version(), options.preReleases())
          && hasOn(node, wanted.asked())
          && (best == null || node.version().compareTo(best.version()) > 0)) {
        best = node;
      }
    }
    if (best == null) {
      throw new IllegalStateException(
          "the solution does not meet " + wanted.name() + ' ' + range + " of " + from);
    }
    edge.accept(best, range);
    return best;
  }

  /** A version that has no default feature of its own meets one that asks for it. */
  private boolean hasOn(Node node, List<String> features) {
    for (String feature : features) {
      boolean free = feature.equals(Candidate.DEFAULT_FEATURE) && !defines(node, feature);
      if (!free && !node.features().contains(feature)) {
        return false;
      }
    }
    return true;
  }

  private boolean defines(Node node, String feature) {
    Manifest local = candidates.local(node.name());
    return local == null
        ? line(node).features().containsKey(feature)
        : local.features().containsKey(feature);
  }

  private List<Wanted> wanted(Node node) {
    Manifest local = candidates.local(node.name());
    if (local != null) {
      return Wanted.of(manifests, local, node.features(), manifests.isMember(node.name()));
    }
    VersionLine line = line(node);
    return Wanted.of(
        node.required().origin(), line.dependencies(), line.features(), node.features());
  }

  private VersionLine line(Node node) {
    VersionLine archive = candidates.archive(node.name());
    if (archive != null) {
      return archive;
    }
    if (candidates.answer(node.required()) instanceof IndexAnswer.Found(var document)) {
      VersionLine line = document.version(node.version());
      if (line != null) {
        return line;
      }
    }
    throw new IllegalStateException("the solver chose what the index does not hold: " + node.id());
  }

  private LockedPackage locked(
      Node node, List<LockedDependency> dependencies, List<Capability> granted) {
    List<String> features =
        node.features().stream().filter(f -> !f.equals(Candidate.DEFAULT_FEATURE)).toList();
    LockSource source = source(node);
    return switch (source) {
      case LockSource.Path path ->
          new LockedPackage(
              node.name(),
              node.version(),
              source,
              null,
              null,
              0,
              dependencies,
              features,
              List.of(),
              granted,
              Map.of(),
              null,
              null);
      case LockSource.Git git ->
          new LockedPackage(
              node.name(),
              node.version(),
              source,
              null,
              treeOf(node),
              0,
              dependencies,
              features,
              List.of(),
              granted,
              Map.of(),
              null,
              null);
      case LockSource.Url url -> locked(node, source, dependencies, features, granted, null, null);
      case LockSource.Registry registry -> {
        VersionLine line = line(node);
        String stage = indexes.stage(line);
        LogEntry log = stage == null ? new LogEntry(line.log(), line.time()) : null;
        yield locked(node, source, dependencies, features, granted, log, stage);
      }
    };
  }

  private LockSource source(Node node) {
    String path = manifests.pathOf(node.name());
    if (path != null) {
      return new LockSource.Path(path);
    }
    FetchedPackage fetched = manifests.fetched(node.name());
    if (fetched != null) {
      return fetched.source();
    }
    String from = node.required().origin();
    return new LockSource.Registry(from == null ? origin : from);
  }

  private @Nullable Digest treeOf(Node node) {
    return manifests.fetched(node.name()) instanceof FetchedPackage.FromGit git ? git.tree() : null;
  }

  private LockedPackage locked(
      Node node,
      LockSource source,
      List<LockedDependency> dependencies,
      List<String> features,
      List<Capability> granted,
      @Nullable LogEntry log,
      @Nullable String stage) {
    VersionLine line = line(node);
    Map<String, Map<String, Digest>> natives = new TreeMap<>();
    for (NativeBlob blob : line.natives()) {
      natives
          .computeIfAbsent(blob.module(), m -> new TreeMap<>())
          .put(blob.target(), blob.sha256());
    }
    return new LockedPackage(
        node.name(),
        line.version(),
        source,
        line.sha256(),
        line.tree(),
        line.size(),
        dependencies,
        features,
        line.capabilities(),
        granted,
        natives,
        log,
        stage);
  }

  /**
   * A name belongs to one registry. Two packages that want it from different ones contradict each
   * other, and which of them is meant is for a person to say.
   */
  private static void requireOneRegistryOfEach(Map<String, List<Node>> byName)
      throws ProjectException {
    Map<PackageName, RequiredName> first = new TreeMap<>();
    for (List<Node> nodes : byName.values()) {
      RequiredName name = nodes.getFirst().required();
      RequiredName other = first.putIfAbsent(name.name(), name);
      if (other != null) {
        throw new ProjectException(
            ResolverCode.NO_SOLUTION,
            name.name()
                + " is asked for from two registries, as \""
                + other.text()
                + "\" and as \""
                + name.text()
                + "\"; a name belongs to one: give it the same registry in all manifests, or leave"
                + " out a package that wants the other");
      }
    }
  }

  private static void requireOneProviderOfEachNative(List<LockedPackage> packages)
      throws ProjectException {
    Map<String, LockedPackage> providers = new TreeMap<>();
    for (LockedPackage pkg : packages) {
      for (String module : pkg.natives().keySet()) {
        LockedPackage other = providers.putIfAbsent(module, pkg);
        if (other != null) {
          throw new ProjectException(
              ResolverCode.NATIVE_TWICE,
              "the native module \""
                  + module
                  + "\" comes from both "
                  + other.id()
                  + " and "
                  + pkg.id()
                  + "; a program can load it once: depend on one of them, or override a version");
        }
      }
    }
  }

  private List<MissingGrant> missing(List<LockedPackage> packages, PackageGraph graph) {
    List<MissingGrant> missing = new ArrayList<>();
    for (LockedPackage pkg : packages) {
      List<Capability> lacking = new ArrayList<>(pkg.capabilities());
      lacking.removeAll(pkg.granted());
      if (lacking.isEmpty()) {
        continue;
      }
      List<PackageName> path = new ArrayList<>();
      for (String id : graph.pathTo(pkg.id())) {
        PackageName name = PackageName.tryParse(id.substring(0, id.indexOf(' ')));
        if (name != null) {
          path.add(name);
        }
      }
      missing.add(
          new MissingGrant(
              pkg.name(), pkg.version().precedence(), lacking, path, path.size() == 1));
    }
    missing.sort(Comparator.comparing(MissingGrant::name));
    return missing;
  }
}
