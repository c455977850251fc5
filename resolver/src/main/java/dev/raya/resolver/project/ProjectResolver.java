package dev.raya.resolver.project;

import dev.raya.cache.digest.Digest;
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
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
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
  private final ProjectCandidates candidates;

  /**
   * Takes what a resolution reads.
   *
   * @param manifests the project's
   * @param current the lockfile whose versions are kept where they still fit, or null
   * @param options what the command adds
   * @param index where index documents come from
   */
  public ProjectResolver(
      ProjectManifests manifests,
      @Nullable Lockfile current,
      ResolveOptions options,
      IndexSource index) {
    this.manifests = manifests;
    this.current = current;
    this.options = options;
    this.overrides = Overrides.of(manifests.root());
    this.candidates = new ProjectCandidates(manifests, options, index, kept());
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
    SolverRequest request = request(locked());
    SolverResult result = new Solver(request, candidates).solve();
    if (result instanceof SolverResult.Solved(List<Chosen> chosen, var statistics)) {
      return lock(chosen);
    }
    return new ProjectResolution.Failed(request, candidates, result);
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
      if (options.update().stream().anyMatch(name -> name.text().equals(one.name()))) {
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
    SolverResult result = new Solver(request(locked()), narrowed).solve();
    // The budget may run out on the way to a solution that is known to exist; then it is that one.
    return result instanceof SolverResult.Solved(List<Chosen> chosen, var statistics)
        ? chosen
        : free;
  }

  private Map<String, List<Version>> locked() {
    Map<String, List<Version>> locked = new TreeMap<>();
    for (LockedPackage pkg : keptPackages()) {
      locked.computeIfAbsent(pkg.name().text(), n -> new ArrayList<>()).add(pkg.version());
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
      kept.add(pkg.id());
    }
    return kept;
  }

  private SolverRequest request(Map<String, List<Version>> locked) {
    Manifest root = manifests.root();
    List<Need> roots = new ArrayList<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      roots.add(ProjectCandidates.need(dependency, List.of()));
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
  private record Node(PackageName name, Version version, List<String> features) {
    String id() {
      return name.text() + ' ' + version.precedence();
    }
  }

  private ProjectResolution lock(List<Chosen> chosen) throws ProjectException {
    Map<String, List<Node>> byName = new LinkedHashMap<>();
    Map<String, Node> byId = new LinkedHashMap<>();
    for (Chosen one : chosen) {
      PackageName name = PackageName.tryParse(one.name());
      if (name == null) {
        throw new IllegalStateException("the solver chose what was no candidate");
      }
      Node node = new Node(name, one.version(), one.features());
      byName.computeIfAbsent(one.name(), n -> new ArrayList<>()).add(node);
      byId.put(node.id(), node);
    }
    PackageGraph graph = new PackageGraph();
    List<Grants.Edge> edges = new ArrayList<>();
    Map<Dependency, String> rootEdges = new LinkedHashMap<>();
    Map<String, List<LockedDependency>> dependencies = new LinkedHashMap<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      Node to = target(Overrides.ROOT, Wanted.of(dependency), byName);
      graph.add("", to.id());
      edges.add(new Grants.Edge("", to.id(), dependency.grant()));
      rootEdges.put(dependency, to.id());
    }
    for (Node node : byId.values()) {
      List<LockedDependency> list = new ArrayList<>();
      for (Wanted wanted : wanted(node)) {
        Node to = target(node.name().text(), wanted, byName);
        list.add(new LockedDependency(wanted.alias(), to.name(), to.version()));
        graph.add(node.id(), to.id());
        edges.add(new Grants.Edge(node.id(), to.id(), wanted.grant()));
      }
      dependencies.put(node.id(), list);
    }
    List<String> order = graph.order();
    Map<String, PackageName> names = new LinkedHashMap<>();
    byId.forEach((id, node) -> names.put(id, node.name()));
    Map<String, List<Capability>> granted =
        Grants.compute(order, names, edges, manifests.root().grants(), options.granted());
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

  /**
   * The project's own edges are not written down; whoever reads the lockfile must find the same
   * ones. That fails only where a requirement spans lines of one name of which just some have its
   * default features on.
   */
  private void requireClearEdges(Lockfile lockfile, Map<Dependency, String> rootEdges)
      throws ProjectException {
    for (Map.Entry<Dependency, String> edge : rootEdges.entrySet()) {
      LockedPackage found = Edges.choose(lockfile, manifests.root(), edge.getKey());
      if (found == null || !found.id().equals(edge.getValue())) {
        throw new ProjectException(
            ResolverCode.NO_SOLUTION,
            edge.getKey().position()
                + ": "
                + edge.getKey().name()
                + ' '
                + edge.getKey().rangeOrAny()
                + " spans versions that are there with different features; ask for the one of "
                + edge.getValue());
      }
    }
  }

  /** The highest chosen version that meets a requirement with all its features on. */
  private Node target(String from, Wanted wanted, Map<String, List<Node>> byName) {
    VersionRange range = overrides.effective(from, wanted.name(), wanted.range());
    Node best = null;
    for (Node node : byName.getOrDefault(wanted.name().text(), List.of())) {
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
      return Wanted.of(local, node.features());
    }
    VersionLine line = line(node);
    return Wanted.of(line.dependencies(), line.features(), node.features());
  }

  private VersionLine line(Node node) {
    if (candidates.answer(node.name()) instanceof IndexAnswer.Found(var document)) {
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
    String path = manifests.pathOf(node.name());
    if (path != null) {
      return new LockedPackage(
          node.name(),
          node.version(),
          new LockSource.Path(path),
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
    }
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
        new LockSource.Registry(options.origin()),
        line.sha256(),
        line.tree(),
        line.size(),
        dependencies,
        features,
        line.capabilities(),
        granted,
        natives,
        new LogEntry(line.log(), line.time()),
        null);
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
