package dev.raya.resolver.project;

import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.LockedPackage.LockedDependency;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.lock.LockfileException;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.ResolverCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  }

  /**
   * Whether the lockfile was made from manifests with other requirements, and must be made anew.
   */
  public boolean isOutdated() {
    return !lockfile.manifest().equals(manifests.digest());
  }

  /**
   * Checks requirements, reachability, sources and checksums.
   *
   * @param origins the origins that packages of the default registry may come from; more than one
   *     where the default registry cannot say its own, offline
   * @throws LockfileException if the lockfile does not follow
   */
  public void structure(Set<String> origins) throws LockfileException {
    Map<String, LockedPackage> byId = new LinkedHashMap<>();
    for (LockedPackage pkg : lockfile.packages()) {
      byId.put(pkg.id(), pkg);
      checkSource(pkg, origins);
    }
    Set<String> reached = new HashSet<>();
    Deque<LockedPackage> open = new ArrayDeque<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      open.add(target(dependency));
    }
    while (!open.isEmpty()) {
      LockedPackage pkg = open.pop();
      if (!reached.add(pkg.id())) {
        continue;
      }
      for (LockedDependency edge : pkg.dependencies()) {
        LockedPackage to = byId.get(edge.name().text() + ' ' + edge.version().precedence());
        if (to == null) {
          throw breach(pkg.id() + " depends on " + edge.text() + ", which is not in the lockfile");
        }
        open.push(to);
      }
    }
    for (LockedPackage pkg : lockfile.packages()) {
      if (!reached.contains(pkg.id())) {
        throw breach("nothing asks for " + pkg.id());
      }
    }
  }

  /**
   * Checks that {@code granted} of every package is what the manifests give it.
   *
   * @param dependencies the published dependencies of a locked package, from its metadata; null
   *     where they are not at hand
   * @param everybody what every package may do without being asked
   * @throws LockfileException if a package has more or less than it should
   */
  public void grants(
      Function<LockedPackage, @Nullable List<PublishedDependency>> dependencies,
      List<Capability> everybody)
      throws LockfileException {
    PackageGraph graph = new PackageGraph();
    List<Grants.Edge> edges = new ArrayList<>();
    Map<String, PackageName> names = new LinkedHashMap<>();
    for (Dependency dependency : manifests.rootDependencies()) {
      LockedPackage to = target(dependency);
      graph.add("", to.id());
      edges.add(new Grants.Edge("", to.id(), dependency.grant()));
    }
    for (LockedPackage pkg : lockfile.packages()) {
      names.put(pkg.id(), pkg.name());
      Map<PackageName, List<Capability>> listed = listedBy(pkg, dependencies);
      for (LockedDependency edge : pkg.dependencies()) {
        String to = edge.name().text() + ' ' + edge.version().precedence();
        graph.add(pkg.id(), to);
        edges.add(new Grants.Edge(pkg.id(), to, listed.getOrDefault(edge.alias(), List.of())));
      }
    }
    List<String> order;
    try {
      order = graph.order();
    } catch (ProjectException e) {
      throw breach(e.text());
    }
    Map<String, List<Capability>> granted =
        Grants.compute(order, names, edges, manifests.root().grants(), everybody);
    for (LockedPackage pkg : lockfile.packages()) {
      List<Capability> expected = granted.getOrDefault(pkg.id(), List.of());
      if (!expected.equals(pkg.granted())) {
        throw breach(
            pkg.id()
                + " may have "
                + expected
                + " by the manifests, the lockfile grants it "
                + pkg.granted());
      }
    }
  }

  private Map<PackageName, List<Capability>> listedBy(
      LockedPackage pkg,
      Function<LockedPackage, @Nullable List<PublishedDependency>> dependencies) {
    Map<PackageName, List<Capability>> listed = new LinkedHashMap<>();
    if (pkg.source() instanceof LockSource.Path(String path)) {
      Manifest manifest = manifests.paths().get(path);
      if (manifest != null) {
        manifest.dependencies().forEach((alias, one) -> listed.put(alias, one.grant()));
      }
      return listed;
    }
    List<PublishedDependency> published = dependencies.apply(pkg);
    if (published != null) {
      for (PublishedDependency dependency : published) {
        listed.put(dependency.alias(), dependency.grant());
      }
    }
    return listed;
  }

  private LockedPackage target(Dependency dependency) throws LockfileException {
    LockedPackage best = null;
    for (LockedPackage pkg : lockfile.versionsOf(dependency.name())) {
      boolean meets =
          overridden(dependency)
              || pkg.source() instanceof LockSource.Path
              || dependency.rangeOrAny().contains(pkg.version());
      if (meets && (best == null || pkg.version().compareTo(best.version()) > 0)) {
        best = pkg;
      }
    }
    if (best == null) {
      throw breach(
          dependency.position()
              + " asks for "
              + dependency.name()
              + ' '
              + dependency.rangeOrAny()
              + ", which no locked version meets");
    }
    return best;
  }

  private boolean overridden(Dependency dependency) {
    return manifests.root().resolution().overrides().stream()
        .anyMatch(override -> override.name().equals(dependency.name()));
  }

  private void checkSource(LockedPackage pkg, Set<String> origins) throws LockfileException {
    String path = manifests.pathOf(pkg.name());
    switch (pkg.source()) {
      case LockSource.Registry(String origin) -> {
        if (path != null) {
          throw breach(pkg.id() + " should come from the folder " + path + ", not a registry");
        }
        if (!origins.contains(origin)) {
          throw breach(
              pkg.id()
                  + " comes from the registry "
                  + origin
                  + ", expected "
                  + String.join(" or ", origins.stream().sorted().toList()));
        }
        if (pkg.checksum() == null || pkg.tree() == null || pkg.log() == null) {
          throw breach(pkg.id() + " lacks its checksum, tree or log entry");
        }
      }
      case LockSource.Path(String found) -> {
        if (!found.equals(path)) {
          throw breach(pkg.id() + " comes from the folder " + found + ", expected " + path);
        }
      }
      case LockSource.Git git -> throw unexpectedSource(pkg);
      case LockSource.Url url -> {
        if (pkg.checksum() == null) {
          throw breach(pkg.id() + " lacks its checksum");
        }
        throw unexpectedSource(pkg);
      }
    }
  }

  private LockfileException unexpectedSource(LockedPackage pkg) {
    return breach(pkg.id() + " comes from " + pkg.source().text() + ", which no manifest names");
  }

  private LockfileException breach(String message) {
    return new LockfileException(
        ResolverCode.LOCKFILE_DOES_NOT_FOLLOW,
        file,
        0,
        message + "; delete the change, or run raya-pm lock to resolve anew");
  }
}
