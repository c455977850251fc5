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
import java.util.function.BiPredicate;

/**
 * Which packages of a lockfile a part of the project's requirements reaches.
 *
 * @param manifests the project's
 * @param lockfile its lockfile
 */
record Reachability(ProjectManifests manifests, Lockfile lockfile) {

  /** The lockfile without what only dev-dependencies bring in. */
  Lockfile withoutDevelopment() {
    return reached(manifests.productionDependencies(), (from, edge) -> !isDevelopment(from, edge));
  }

  /**
   * The lockfile without what is only wanted on other targets. The lockfile itself serves them all.
   *
   * @param targets those that count
   * @param listed what packages list for their dependencies
   */
  Lockfile onTargets(Set<String> targets, DependencyTargets listed) {
    List<Dependency> roots =
        manifests.rootDependencies().stream()
            .filter(dependency -> counts(dependency.targets(), targets))
            .toList();
    return reached(roots, (from, edge) -> counts(listed.of(from, edge.alias()), targets));
  }

  private Lockfile reached(
      List<Dependency> roots, BiPredicate<LockedPackage, LockedDependency> followed) {
    Set<String> reached = new HashSet<>();
    Deque<LockedPackage> open = new ArrayDeque<>();
    for (Dependency dependency : roots) {
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
          if (to != null && followed.test(at, edge)) {
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

  private static boolean counts(List<String> listed, Set<String> targets) {
    return listed.isEmpty() || targets.isEmpty() || listed.stream().anyMatch(targets::contains);
  }
}
