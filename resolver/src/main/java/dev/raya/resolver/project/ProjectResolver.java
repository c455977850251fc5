package dev.raya.resolver.project;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.index.IndexLine.VersionLine;
import dev.raya.resolver.index.IndexSource;
import dev.raya.resolver.index.IndexSource.IndexAnswer;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.LockedPackage.LockedDependency;
import dev.raya.resolver.lock.LockedPackage.LogEntry;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.FeatureItem;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.NativeBlob;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.project.ProjectResolution.MissingGrant;
import dev.raya.resolver.solve.Candidate;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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
    this.candidates = new ProjectCandidates(manifests, options, index);
  }

  /**
   * Resolves.
   *
   * @throws ProjectException if packages need each other (RAYA-PKG-014) or two provide one native
   *     module (RAYA-PKG-013)
   * @throws CompletionException if the index could not be read; its cause says why
   */
  public ProjectResolution resolve() throws ProjectException {
    SolverRequest request = request();
    SolverResult result = new Solver(request, candidates).solve();
    if (result instanceof SolverResult.Solved(List<Chosen> chosen, var statistics)) {
      return lock(chosen);
    }
    return new ProjectResolution.Failed(request, candidates, result);
  }

  private SolverRequest request() {
    Manifest root = manifests.root();
    List<Need> roots = new ArrayList<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      roots.add(ProjectCandidates.need(dependency, List.of()));
    }
    Map<String, List<Version>> locked = new TreeMap<>();
    if (current != null && !options.updateAll()) {
      for (LockedPackage pkg : current.packages()) {
        if (!options.update().contains(pkg.name())) {
          locked.computeIfAbsent(pkg.name().text(), n -> new ArrayList<>()).add(pkg.version());
        }
      }
    }
    Map<String, VersionRange> overrides = new TreeMap<>();
    for (Manifest.Override override : root.resolution().overrides()) {
      PackageName dependent = override.dependent();
      overrides.put(
          (dependent == null ? "" : dependent.text() + '>') + override.name().text(),
          override.range());
    }
    return new SolverRequest(
        roots,
        root.resolution().strict() ? SolverRequest.Mode.SINGLE : SolverRequest.Mode.MAJORS,
        Set.of(),
        locked,
        overrides,
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

  /** A requirement as an edge sees it, from a manifest or an index document. */
  private record Wanted(
      PackageName alias, PackageName name, VersionRange range, List<Capability> grant) {}

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
    Map<String, List<LockedDependency>> dependencies = new LinkedHashMap<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      Wanted wanted =
          new Wanted(
              dependency.alias(), dependency.name(), dependency.rangeOrAny(), dependency.grant());
      Node to = target("", wanted, byName);
      graph.add("", to.id());
      edges.add(new Grants.Edge("", to.id(), dependency.grant()));
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
    return new ProjectResolution.Resolved(
        new Lockfile(manifests.digest(), toolchain, packages), missing(packages, graph));
  }

  private Node target(String from, Wanted wanted, Map<String, List<Node>> byName) {
    VersionRange range = wanted.range();
    for (Manifest.Override override : manifests.root().resolution().overrides()) {
      PackageName dependent = override.dependent();
      if (override.name().equals(wanted.name())
          && (dependent == null || dependent.text().equals(from))) {
        range = override.range();
      }
    }
    Node best = null;
    for (Node node : byName.getOrDefault(wanted.name().text(), List.of())) {
      if (range.matches(node.version(), options.preReleases())
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

  private List<Wanted> wanted(Node node) {
    List<Wanted> wanted = new ArrayList<>();
    Manifest local = candidates.local(node.name());
    if (local != null) {
      for (Dependency dependency : ActiveDependencies.of(local, node.features())) {
        wanted.add(
            new Wanted(
                dependency.alias(),
                dependency.name(),
                dependency.rangeOrAny(),
                dependency.grant()));
      }
      return wanted;
    }
    VersionLine line = line(node);
    Set<String> brought = broughtIn(line.features(), node.features());
    for (PublishedDependency dependency : line.dependencies()) {
      if (!dependency.optional() || brought.contains(dependency.alias().text())) {
        wanted.add(
            new Wanted(
                dependency.alias(), dependency.name(), dependency.range(), dependency.grant()));
      }
    }
    return wanted;
  }

  private static Set<String> broughtIn(
      Map<String, List<String>> features, List<String> switchedOn) {
    Set<String> brought = new HashSet<>();
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(switchedOn);
    while (!open.isEmpty()) {
      String feature = open.pop();
      if (!seen.add(feature)) {
        continue;
      }
      for (String item : features.getOrDefault(feature, List.of())) {
        switch (FeatureItem.tryParse(item)) {
          case FeatureItem.OtherFeature(String other) -> open.push(other);
          case FeatureItem.OptionalDependency(PackageName alias) -> brought.add(alias.text());
          case FeatureItem.FeatureOf(PackageName alias, String asked) -> brought.add(alias.text());
          case null -> {
            // The reader of index documents lets no other text through.
          }
        }
      }
    }
    return brought;
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
    missing.sort(java.util.Comparator.comparing(MissingGrant::name));
    return missing;
  }
}
