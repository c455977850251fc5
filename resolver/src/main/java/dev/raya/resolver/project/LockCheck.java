package dev.raya.resolver.project;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.lock.Edges;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.LockedPackage.LockedDependency;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileCodec;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.lock.Overrides;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PackageMetadata;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.solve.Candidate;
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
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether a lockfile follows from the manifests (packages.md section 4): what every command checks
 * before it uses one. A breach is RAYA-PKG-007: the lockfile was not written by a resolution of
 * these manifests.
 */
public final class LockCheck {
  private final ProjectManifests manifests;
  private final Lockfile lockfile;
  private final String file;
  private final Overrides overrides;
  private final Map<String, LockedPackage> byId = new LinkedHashMap<>();

  /**
   * Takes the two sides.
   *
   * @param manifests the project's
   * @param lockfile what is checked
   * @param file its name as the user knows it
   */
  public LockCheck(ProjectManifests manifests, Lockfile lockfile, String file) {
    this.manifests = manifests;
    this.lockfile = lockfile;
    this.file = file;
    this.overrides = Overrides.of(manifests.root());
    for (LockedPackage pkg : lockfile.packages()) {
      byId.put(pkg.id(), pkg);
    }
  }

  /**
   * Whether the lockfile was made from manifests with other requirements, and must be made anew.
   */
  public boolean isOutdated() {
    return !lockfile.manifest().equals(manifests.digest());
  }

  /**
   * Checks what needs no metadata: the project's requirements, reachability, sources, checksums,
   * constraints and the pinned toolchain.
   *
   * @param origins the origins that packages of the default registry may come from; more than one
   *     where the default registry cannot say its own, offline
   * @throws LockfileException if the lockfile does not follow
   */
  public void structure(Set<String> origins) throws LockfileException {
    for (LockedPackage pkg : lockfile.packages()) {
      checkSource(pkg, origins);
      Manifest.Constraint constraint = manifests.root().constraints().get(pkg.name());
      if (constraint != null && !constraint.range().contains(pkg.version())) {
        throw breach(
            pkg,
            constraint.position()
                + " allows "
                + pkg.name()
                + ' '
                + constraint.range()
                + ", and "
                + pkg.id()
                + " is locked");
      }
    }
    checkToolchain();
    Set<String> reached = new HashSet<>();
    Deque<LockedPackage> open = new ArrayDeque<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      LockedPackage to = target(dependency);
      checkOrigin("the project", manifests.foreign().originOf(dependency), to, origins);
      open.add(to);
    }
    while (!open.isEmpty()) {
      LockedPackage pkg = open.pop();
      if (reached.add(pkg.id())) {
        checkOrigins(pkg, origins);
        for (LockedDependency edge : pkg.dependencies()) {
          open.push(target(pkg, edge));
        }
      }
    }
    for (LockedPackage pkg : lockfile.packages()) {
      if (!reached.contains(pkg.id())) {
        throw breach(pkg, "nothing asks for " + pkg.id());
      }
    }
  }

  /**
   * Checks what the packages' metadata says: that each edge is one that its package asks for and
   * meets its range, that none is missing, that the features that are on are those asked for, and
   * that {@code granted} of every package is what the manifests give it.
   *
   * @param metadata the metadata of a locked package of a registry, checked against its checksum;
   *     null where it is not at hand, which passes its edges and grants nothing
   * @param everybody what every package may do without being asked
   * @throws LockfileException if the lockfile does not follow
   */
  public void contents(
      Function<LockedPackage, @Nullable PackageMetadata> metadata, List<Capability> everybody)
      throws LockfileException {
    Map<String, PackageMetadata> published = new LinkedHashMap<>();
    for (LockedPackage pkg : lockfile.packages()) {
      PackageMetadata found = local(pkg) != null ? null : metadata.apply(pkg);
      if (found != null) {
        checkMetadata(pkg, found);
        published.put(pkg.id(), found);
      }
    }
    Map<String, Set<String>> features = features(published);
    PackageGraph graph = new PackageGraph();
    List<Grants.Edge> edges = new ArrayList<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      LockedPackage to = target(dependency);
      graph.add("", to.id());
      edges.add(new Grants.Edge("", to.id(), dependency.grant()));
    }
    for (LockedPackage pkg : lockfile.packages()) {
      Set<String> on = features.getOrDefault(pkg.id(), Set.of());
      List<Wanted> wanted = wanted(pkg, published.get(pkg.id()), on);
      checkEdges(pkg, wanted);
      checkFeatures(pkg, wanted, on);
      Map<PackageName, Wanted> listed = new LinkedHashMap<>();
      for (Wanted one : wanted == null ? List.<Wanted>of() : wanted) {
        listed.put(one.alias(), one);
      }
      boolean member = isMember(pkg);
      for (LockedDependency edge : pkg.dependencies()) {
        String to = target(pkg, edge).id();
        Wanted one = listed.get(edge.alias());
        graph.add(one != null && one.development() ? "" : pkg.id(), to);
        edges.add(
            new Grants.Edge(member ? "" : pkg.id(), to, one == null ? List.of() : one.grant()));
      }
    }
    checkGrants(graph, edges, everybody);
  }

  private void checkMetadata(LockedPackage pkg, PackageMetadata metadata) throws LockfileException {
    if (!metadata.name().equals(pkg.name()) || !metadata.version().equals(pkg.version())) {
      throw breach(
          pkg,
          "the archive of "
              + pkg.id()
              + " holds "
              + metadata.name()
              + ' '
              + metadata.version().precedence());
    }
    if (!metadata.capabilities().equals(pkg.capabilities())) {
      throw breach(
          pkg,
          pkg.id()
              + " needs "
              + metadata.capabilities()
              + ", the lockfile says "
              + pkg.capabilities());
    }
  }

  /** The features that are on: what the project asks for, and then each package of the next. */
  private Map<String, Set<String>> features(Map<String, PackageMetadata> published)
      throws LockfileException {
    Map<String, Set<String>> features = new LinkedHashMap<>();
    Deque<LockedPackage> open = new ArrayDeque<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      LockedPackage to = target(dependency);
      if (switchOn(features, to, Wanted.of(dependency, manifests.foreign()).asked())) {
        open.add(to);
      }
    }
    while (!open.isEmpty()) {
      LockedPackage pkg = open.pop();
      Set<String> on = features.getOrDefault(pkg.id(), Set.of());
      List<Wanted> wanted = wanted(pkg, published.get(pkg.id()), on);
      if (wanted == null) {
        for (LockedDependency edge : pkg.dependencies()) {
          LockedPackage to = target(pkg, edge);
          if (switchOn(features, to, to.features())) {
            open.push(to);
          }
        }
        continue;
      }
      for (Wanted one : wanted) {
        LockedDependency edge = edge(pkg, one.alias());
        LockedPackage to = edge == null ? null : target(pkg, edge);
        if (to != null && switchOn(features, to, one.asked())) {
          open.push(to);
        }
      }
    }
    closeFeatures(features, published);
    return features;
  }

  /** Adds features; whether the package is new or has one more. */
  private static boolean switchOn(
      Map<String, Set<String>> features, LockedPackage pkg, List<String> more) {
    Set<String> on = features.get(pkg.id());
    if (on == null) {
      features.put(pkg.id(), new TreeSet<>(more));
      return true;
    }
    return on.addAll(more);
  }

  /** Features that a feature of the same package switches on are on too. */
  private void closeFeatures(
      Map<String, Set<String>> features, Map<String, PackageMetadata> published) {
    features.forEach(
        (id, on) -> {
          LockedPackage pkg = byId.get(id);
          Map<String, List<String>> table = pkg == null ? null : table(pkg, published.get(id));
          Deque<String> open = new ArrayDeque<>(on);
          while (table != null && !open.isEmpty()) {
            for (String item : table.getOrDefault(open.pop(), List.of())) {
              boolean feature = !item.startsWith("dep:") && item.indexOf('/') < 0;
              if (feature && on.add(item)) {
                open.push(item);
              }
            }
          }
        });
  }

  private @Nullable Map<String, List<String>> table(
      LockedPackage pkg, @Nullable PackageMetadata metadata) {
    Manifest local = local(pkg);
    if (local == null) {
      return metadata == null ? null : metadata.features();
    }
    Map<String, List<String>> table = new LinkedHashMap<>();
    local
        .features()
        .forEach(
            (feature, items) -> table.put(feature, items.stream().map(i -> i.text()).toList()));
    return table;
  }

  private @Nullable Manifest local(LockedPackage pkg) {
    return switch (pkg.source()) {
      case LockSource.Path(String path) -> manifests.paths().get(path);
      case LockSource.Git git ->
          manifests.fetched(pkg.name()) instanceof FetchedPackage.FromGit found
              ? found.manifest()
              : null;
      case LockSource.Registry registry -> null;
      case LockSource.Url url -> null;
    };
  }

  private boolean isMember(LockedPackage pkg) {
    return pkg.source() instanceof LockSource.Path(String path)
        && manifests.members().contains(path);
  }

  /** What a package asks for with those features on; null where nothing says it. */
  private @Nullable List<Wanted> wanted(
      LockedPackage pkg, @Nullable PackageMetadata metadata, Set<String> features) {
    Manifest local = local(pkg);
    if (local != null) {
      return Wanted.of(manifests, local, features, isMember(pkg));
    }
    return metadata == null
        ? null
        : Wanted.of(
            pkg.source() instanceof LockSource.Registry(String origin) ? origin : null,
            metadata.dependencies(),
            metadata.features(),
            features);
  }

  private void checkEdges(LockedPackage pkg, @Nullable List<Wanted> wanted)
      throws LockfileException {
    if (wanted == null) {
      return;
    }
    Set<PackageName> asked = new HashSet<>();
    for (Wanted one : wanted) {
      asked.add(one.alias());
      LockedDependency edge = edge(pkg, one.alias());
      VersionRange range = overrides.effective(pkg.name().text(), one.name(), one.range());
      String need = pkg.id() + " asks for " + one.name() + ' ' + range;
      if (edge == null || !edge.name().equals(one.name())) {
        throw breach(pkg, need + ", and the lockfile has no such edge");
      }
      if (!range.contains(edge.version())) {
        throw breach(pkg, need + ", and the lockfile gives it " + edge.version());
      }
      if (one.origin() != null) {
        checkOrigin(pkg.id(), one.origin(), target(pkg, edge), Set.of());
      }
    }
    for (LockedDependency edge : pkg.dependencies()) {
      if (!asked.contains(edge.alias())) {
        throw breach(pkg, pkg.id() + " does not ask for " + edge.text());
      }
    }
  }

  /** Where a package's own manifest says what it takes from which registry, that must be so. */
  private void checkOrigins(LockedPackage pkg, Set<String> origins) throws LockfileException {
    Manifest local = local(pkg);
    FetchedPackage fetched = manifests.fetched(pkg.name());
    for (LockedDependency edge : pkg.dependencies()) {
      LockedPackage to = target(pkg, edge);
      if (local != null) {
        Dependency dependency = local.dependencies().get(edge.alias());
        if (dependency != null) {
          checkOrigin(pkg.id(), manifests.foreign().originOf(dependency), to, origins);
        }
      } else if (fetched instanceof FetchedPackage.FromUrl archive) {
        for (PublishedDependency dependency : archive.metadata().dependencies()) {
          if (dependency.alias().equals(edge.alias())) {
            checkOrigin(pkg.id(), dependency.registry(), to, origins);
          }
        }
      }
    }
  }

  /** A package comes from the registry that whoever requires it names. */
  private void checkOrigin(
      String from, @Nullable String origin, LockedPackage to, Set<String> defaults)
      throws LockfileException {
    Set<String> expected = origin == null ? defaults : Set.of(origin);
    if (to.source() instanceof LockSource.Registry(String found) && !expected.contains(found)) {
      throw breach(
          to,
          from
              + " asks for "
              + to.id()
              + " of "
              + String.join(" or ", expected.stream().sorted().toList())
              + ", and it comes from "
              + found);
    }
  }

  private void checkFeatures(LockedPackage pkg, @Nullable List<Wanted> wanted, Set<String> on)
      throws LockfileException {
    Set<String> listed = new TreeSet<>(on);
    listed.remove(Candidate.DEFAULT_FEATURE);
    if (wanted != null && !List.copyOf(listed).equals(pkg.features())) {
      throw breach(
          pkg,
          pkg.id()
              + " is asked for with the features "
              + listed
              + ", the lockfile says "
              + pkg.features());
    }
  }

  private void checkGrants(PackageGraph graph, List<Grants.Edge> edges, List<Capability> everybody)
      throws LockfileException {
    Map<String, PackageName> names = new LinkedHashMap<>();
    byId.forEach((id, pkg) -> names.put(id, pkg.name()));
    List<String> order;
    try {
      order = graph.order();
    } catch (ProjectException e) {
      throw breach(null, e.text());
    }
    Map<String, List<Capability>> granted =
        Grants.compute(
            order,
            names,
            edges,
            manifests.root().grants(),
            everybody,
            new Grants.Members(manifests::isMember, natives()));
    for (LockedPackage pkg : lockfile.packages()) {
      List<Capability> expected = granted.getOrDefault(pkg.id(), List.of());
      if (!expected.equals(pkg.granted())) {
        throw breach(
            pkg,
            pkg.id()
                + " may have "
                + expected
                + " by the manifests, the lockfile grants it "
                + pkg.granted());
      }
    }
  }

  private Set<String> natives() {
    Set<String> modules = new TreeSet<>();
    lockfile.packages().forEach(pkg -> modules.addAll(pkg.natives().keySet()));
    return modules;
  }

  private static @Nullable LockedDependency edge(LockedPackage pkg, PackageName alias) {
    for (LockedDependency edge : pkg.dependencies()) {
      if (edge.alias().equals(alias)) {
        return edge;
      }
    }
    return null;
  }

  private LockedPackage target(LockedPackage from, LockedDependency edge) throws LockfileException {
    LockedPackage to = byId.get(edge.name().text() + ' ' + edge.version().precedence());
    if (to == null) {
      throw breach(
          from, from.id() + " depends on " + edge.text() + ", which is not in the lockfile");
    }
    return to;
  }

  private LockedPackage target(Dependency dependency) throws LockfileException {
    LockedPackage found = Edges.choose(lockfile, manifests.root(), dependency);
    if (found == null) {
      throw breach(
          null,
          dependency.position()
              + " asks for "
              + dependency.name()
              + ' '
              + overrides.effective(Overrides.ROOT, dependency.name(), dependency.rangeOrAny())
              + ", which no locked version meets");
    }
    return found;
  }

  private void checkToolchain() throws LockfileException {
    Version pinned = manifests.root().toolchain();
    Lockfile.LockedToolchain locked = lockfile.toolchain();
    Version found = locked == null ? null : locked.version();
    boolean same = pinned == null ? found == null : pinned.equals(found);
    if (!same) {
      throw breach(
          null, "the manifest pins the toolchain " + pinned + ", the lockfile has " + found);
    }
  }

  private void checkSource(LockedPackage pkg, Set<String> origins) throws LockfileException {
    String path = manifests.pathOf(pkg.name());
    switch (pkg.source()) {
      case LockSource.Registry(String origin) -> {
        if (path != null) {
          throw breach(pkg, pkg.id() + " should come from the folder " + path + ", not a registry");
        }
        if (manifests.isFixed(pkg.name())) {
          throw unexpectedSource(pkg);
        }
        if (!origins.contains(origin) && !manifests.foreign().origins().containsValue(origin)) {
          throw breach(
              pkg,
              pkg.id()
                  + " comes from the registry "
                  + origin
                  + ", expected "
                  + String.join(" or ", origins.stream().sorted().toList()));
        }
        if (pkg.checksum() == null
            || pkg.tree() == null
            || (pkg.log() == null && pkg.stage() == null)) {
          throw breach(pkg, pkg.id() + " lacks its checksum, tree or log entry");
        }
      }
      case LockSource.Path(String found) -> {
        if (!found.equals(path)) {
          throw breach(pkg, pkg.id() + " comes from the folder " + found + ", expected " + path);
        }
        Manifest local = manifests.paths().get(found);
        if (local != null && !ProjectCandidates.versionOf(local).equals(pkg.version())) {
          throw breach(pkg, "the folder " + found + " holds another version than " + pkg.id());
        }
      }
      case LockSource.Git git -> {
        if (!(manifests.fetched(pkg.name()) instanceof FetchedPackage.FromGit found)
            || !found.source().equals(git)) {
          throw unexpectedSource(pkg);
        }
        requireSame(pkg, "tree", found.tree(), pkg.tree());
      }
      case LockSource.Url url -> {
        if (!(manifests.fetched(pkg.name()) instanceof FetchedPackage.FromUrl found)
            || !found.source().equals(url)) {
          throw unexpectedSource(pkg);
        }
        requireSame(pkg, "checksum", found.checksum(), pkg.checksum());
        requireSame(pkg, "tree", found.tree(), pkg.tree());
      }
    }
  }

  private void requireSame(LockedPackage pkg, String what, Digest source, @Nullable Digest locked)
      throws LockfileException {
    if (!source.equals(locked)) {
      throw breach(
          pkg,
          what
              + " of "
              + pkg.id()
              + " is "
              + source
              + " at its source, the lockfile says "
              + locked);
    }
  }

  private LockfileException unexpectedSource(LockedPackage pkg) {
    return breach(
        pkg, pkg.id() + " comes from " + pkg.source().text() + ", which no manifest names");
  }

  private LockfileException breach(@Nullable LockedPackage at, String message) {
    return new LockfileException(
        ResolverCode.LOCKFILE_DOES_NOT_FOLLOW,
        file,
        at == null ? 1 : LockfileCodec.lineOf(lockfile, at),
        message + "; undo the change, or run `raya-pm lock` to resolve anew");
  }
}
