package dev.raya.resolver.project;

import dev.raya.resolver.lock.Edges;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.LockedPackage.LockedDependency;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Dependency;
import java.util.ArrayList;
import java.util.List;

/** By which way the packages of a lockfile came into it. */
public final class GrantPaths {
  private final PackageGraph graph = new PackageGraph();

  /** Takes a project and its lockfile. */
  public GrantPaths(ProjectManifests manifests, Lockfile lockfile) {
    for (Dependency dependency : manifests.rootDependencies()) {
      LockedPackage to = Edges.choose(lockfile, manifests.root(), dependency);
      if (to != null) {
        graph.add("", to.id());
      }
    }
    for (LockedPackage from : lockfile.packages()) {
      for (LockedDependency edge : from.dependencies()) {
        graph.add(from.id(), edge.name().text() + ' ' + edge.version().precedence());
      }
    }
  }

  /** The shortest way from the project to a package, as text. */
  public String shortest(LockedPackage to) {
    List<String> names = new ArrayList<>(List.of("this project"));
    names.addAll(graph.pathTo(to.id()));
    return String.join(" -> ", names);
  }
}
