package dev.raya.resolver.project;

import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What each package may do (packages.md section 8): the project everything; any other package what
 * its dependents grant it, cut to what they may do themselves, plus what the project's {@code
 * [grants]} list, plus what everybody has.
 */
final class Grants {
  /**
   * An edge of the graph.
   *
   * @param from id of the dependent; empty for the project, which has all
   * @param to id of the package
   * @param grant what the dependent's manifest lists for it
   */
  record Edge(String from, String to, List<Capability> grant) {}

  /**
   * The members of the workspace, which may do everything.
   *
   * @param is whether a package is one
   * @param natives the native modules there are in the graph
   */
  record Members(Predicate<PackageName> is, Set<String> natives) {
    private List<Capability> may() {
      List<Capability> all = new ArrayList<>();
      Capability.NAMES.forEach(name -> all.add(new Capability(name)));
      natives.forEach(module -> all.add(Capability.nativeModule(module)));
      return Capability.sorted(all);
    }
  }

  private Grants() {}

  /**
   * Computes the grants.
   *
   * @param order ids of all packages, dependents before what they depend on
   * @param names id to name
   * @param edges all edges
   * @param ofProject {@code [grants]} of the root
   * @param everybody what everybody has
   * @param members the members of the workspace
   * @return id to what it may do, sorted
   */
  static Map<String, List<Capability>> compute(
      List<String> order,
      Map<String, PackageName> names,
      Collection<Edge> edges,
      Map<PackageName, List<Capability>> ofProject,
      List<Capability> everybody,
      Members members) {
    Map<String, List<Edge>> into = new HashMap<>();
    for (Edge edge : edges) {
      into.computeIfAbsent(edge.to(), to -> new ArrayList<>()).add(edge);
    }
    Map<String, List<Capability>> granted = new HashMap<>();
    for (String id : order) {
      Set<Capability> may = new TreeSet<>(everybody);
      PackageName name = names.get(id);
      if (name != null && members.is().test(name)) {
        granted.put(id, members.may());
        continue;
      }
      if (name != null) {
        may.addAll(ofProject.getOrDefault(name, List.of()));
      }
      for (Edge edge : into.getOrDefault(id, List.of())) {
        if (edge.from().isEmpty()) {
          may.addAll(edge.grant());
        } else {
          List<Capability> limit = granted.getOrDefault(edge.from(), List.of());
          for (Capability capability : edge.grant()) {
            if (limit.contains(capability)) {
              may.add(capability);
            }
          }
        }
      }
      granted.put(id, List.copyOf(may));
    }
    return granted;
  }
}
