package dev.raya.cli.pm.install;

import dev.raya.resolver.lock.Edges;
import dev.raya.resolver.lock.LockSource;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.LockedPackage.LockedDependency;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.project.ProjectManifests;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which packages of a lockfile a part of the project's requirements reaches.
 *
 * @param manifests the project's
 * @param lockfile its lockfile
 */
record Reachability(ProjectManifests manifests, Lockfile lockfile) {

  /** The lockfile without what only dev-dependencies bring in. */
  Lockfile withoutDevelopment() {
    Set<String> reached = new HashSet<>();
    Deque<LockedPackage> open = new ArrayDeque<>();
    for (Dependency dependency : manifests.productionDependencies()) {
      LockedPackage to = Edges.choose(lockfile, manifests.root(), dependency);
      if (to != null) {
        open.add(to);
      }
    }
    while (!open.isEmpty()) {
      LockedPackage at = open.pop();
      if (reached.add(at.id())) {
        for (LockedDependency edge : at.dependencies()) {
          LockedPackage to = lockfile.find(edge.name(), edge.version());
          if (to != null && !isDevelopment(at, edge)) {
            open.push(to);
          }
        }
      }
    }
    List<LockedPackage> kept =
        lockfile.packages().stream().filter(pkg -> reached.contains(pkg.id())).toList();
    return new Lockfile(lockfile.manifest(), lockfile.toolchain(), kept);
  }

  /** Whether only a dev-dependency of a member makes an edge. */
  private boolean isDevelopment(LockedPackage from, LockedDependency edge) {
    Manifest member =
        from.source() instanceof LockSource.Path(String path) ? manifests.paths().get(path) : null;
    return member != null && !member.dependencies().containsKey(edge.alias());
  }
}
