package dev.raya.cli.pm.project;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Console;
import dev.raya.resolver.lock.LinkPlan;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.name.PackageName;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The dependency graph that a lockfile holds. A package is named by its id, {@code name version}.
 *
 * @param manifest the project's manifest
 * @param lockfile its lockfile
 * @param direct what the project itself depends on, in the order of the aliases
 * @param dependencies each package's dependencies, by id
 * @param dependents who depends on each package, by id; {@link #PROJECT} for the project itself
 */
public record LockedGraph(
    Manifest manifest,
    Lockfile lockfile,
    List<String> direct,
    Map<String, List<String>> dependencies,
    Map<String, List<String>> dependents) {

  /** Stands for the project among dependents. */
  public static final String PROJECT = "this project";

  /** Copies the collections. */
  public LockedGraph {
    direct = List.copyOf(direct);
    dependencies = Collections.unmodifiableMap(new TreeMap<>(dependencies));
    dependents = Collections.unmodifiableMap(new TreeMap<>(dependents));
  }

  /**
   * The graph of the project that a directory belongs to.
   *
   * @throws CommandException if there is no project, no lockfile, or one of them is malformed
   */
  public static LockedGraph read(Path directory, Console console) throws CommandException {
    ProjectFolder project = ProjectFolder.find(directory);
    Lockfile lockfile = LockedFiles.read(project);
    if (lockfile == null) {
      throw new CommandException(
          "RAYA-PKG-005", "there is no raya.lock", "`raya-pm install` writes it");
    }
    return of(lockfile, Manifests.read(project, console));
  }

  /** The graph of a lockfile. */
  public static LockedGraph of(Lockfile lockfile, Manifest manifest) {
    LinkPlan plan = LinkPlan.of(lockfile, manifest);
    Set<String> direct = new LinkedHashSet<>(plan.project().values());
    Map<String, List<String>> down = new TreeMap<>();
    Map<String, List<String>> up = new TreeMap<>();
    plan.packages().keySet().forEach(id -> up.put(id, new ArrayList<>()));
    for (String id : direct) {
      up.getOrDefault(id, new ArrayList<>()).add(PROJECT);
    }
    plan.packages()
        .forEach(
            (id, linked) -> {
              List<String> next = new ArrayList<>(new LinkedHashSet<>(linked.imports().values()));
              down.put(id, next);
              next.forEach(each -> up.getOrDefault(each, new ArrayList<>()).add(id));
            });
    return new LockedGraph(manifest, lockfile, new ArrayList<>(direct), down, up);
  }

  /** The names of all packages. */
  public Collection<PackageName> names() {
    Set<PackageName> names = new TreeSet<>();
    for (LockedPackage locked : lockfile.packages()) {
      names.add(locked.name());
    }
    return names;
  }

  /** The packages that a word means: every version of a name, or the one of that id. */
  public List<String> idsOf(String word) {
    List<String> ids = new ArrayList<>();
    for (LockedPackage locked : lockfile.packages()) {
      if (locked.name().text().equals(word) || locked.id().equals(word)) {
        ids.add(locked.id());
      }
    }
    return ids;
  }

  /** The packages that are here in several versions. */
  public List<String> duplicates() {
    List<String> ids = new ArrayList<>();
    for (LockedPackage locked : lockfile.packages()) {
      if (lockfile.versionsOf(locked.name()).size() > 1) {
        ids.add(locked.id());
      }
    }
    return ids;
  }

  /** What is reached from some packages, those included. */
  public Set<String> reachedFrom(Collection<String> ids) {
    return reached(ids, dependencies);
  }

  private static Set<String> reached(Collection<String> ids, Map<String, List<String>> edges) {
    Set<String> seen = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(ids);
    while (!open.isEmpty()) {
      String id = open.remove();
      if (edges.containsKey(id) && seen.add(id)) {
        open.addAll(edges.getOrDefault(id, List.of()));
      }
    }
    return seen;
  }

  /**
   * How many paths lead from the project to packages, without following one twice. A graph has few
   * packages and may yet have more paths than can be printed, so they are counted by package.
   */
  public BigInteger countPaths(Set<String> wanted) {
    Map<String, BigInteger> known = new HashMap<>();
    Set<String> above = reached(wanted, dependents);
    BigInteger count = BigInteger.ZERO;
    for (String id : direct) {
      count = count.add(count(id, wanted, above, known, new HashSet<>()));
    }
    return count;
  }

  private BigInteger count(
      String id,
      Set<String> wanted,
      Set<String> above,
      Map<String, BigInteger> known,
      Set<String> open) {
    BigInteger before = known.get(id);
    if (before != null) {
      return before;
    }
    if (!above.contains(id) || !open.add(id)) {
      return BigInteger.ZERO;
    }
    BigInteger count = wanted.contains(id) ? BigInteger.ONE : BigInteger.ZERO;
    for (String next : dependencies.getOrDefault(id, List.of())) {
      count = count.add(count(next, wanted, above, known, open));
    }
    open.remove(id);
    known.put(id, count);
    return count;
  }

  /** The paths from the project to packages, at most {@code limit}, in the order of the tree. */
  public List<List<String>> paths(Set<String> wanted, int limit) {
    List<List<String>> found = new ArrayList<>();
    Set<String> above = reached(wanted, dependents);
    Set<String> path = new LinkedHashSet<>();
    for (String id : direct) {
      follow(id, wanted, above, path, found, limit);
    }
    return found;
  }

  private void follow(
      String id,
      Set<String> wanted,
      Set<String> above,
      Set<String> path,
      List<List<String>> found,
      int limit) {
    if (found.size() >= limit || !above.contains(id) || !path.add(id)) {
      return;
    }
    if (wanted.contains(id)) {
      found.add(List.copyOf(path));
    }
    for (String next : dependencies.getOrDefault(id, List.of())) {
      follow(next, wanted, above, path, found, limit);
    }
    path.remove(id);
  }
}
