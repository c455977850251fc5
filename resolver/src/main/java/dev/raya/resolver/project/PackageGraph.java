package dev.raya.resolver.project;

import dev.raya.resolver.version.ResolverCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The edges between chosen packages, by id ({@code name version}); the project has the empty id.
 */
final class PackageGraph {
  private final Map<String, List<String>> edges = new LinkedHashMap<>();

  void add(String from, String to) {
    edges.computeIfAbsent(from, f -> new ArrayList<>()).add(to);
  }

  List<String> from(String id) {
    return edges.getOrDefault(id, List.of());
  }

  /**
   * The ids reachable from the project, dependents before what they depend on.
   *
   * @throws ProjectException with RAYA-PKG-014 if packages need each other, naming the cycle
   */
  List<String> order() throws ProjectException {
    Map<String, Boolean> finished = new HashMap<>();
    List<String> postOrder = new ArrayList<>();
    Deque<String> path = new ArrayDeque<>();
    Deque<Iterator<String>> open = new ArrayDeque<>();
    path.addLast("");
    finished.put("", false);
    open.addLast(from("").iterator());
    while (!open.isEmpty()) {
      Iterator<String> rest = open.getLast();
      if (!rest.hasNext()) {
        open.removeLast();
        String done = path.removeLast();
        finished.put(done, true);
        postOrder.add(done);
        continue;
      }
      String next = rest.next();
      Boolean state = finished.get(next);
      if (state == null) {
        finished.put(next, false);
        path.addLast(next);
        open.addLast(from(next).iterator());
      } else if (!state) {
        throw cycle(path, next);
      }
    }
    postOrder.removeLast();
    return postOrder.reversed();
  }

  private static ProjectException cycle(Deque<String> path, String again) {
    List<String> cycle = new ArrayList<>();
    boolean inside = false;
    for (String id : path) {
      inside |= id.equals(again);
      if (inside) {
        cycle.add(id);
      }
    }
    cycle.add(again);
    return new ProjectException(
        ResolverCode.PACKAGE_CYCLE,
        "packages need each other: "
            + String.join(" → ", cycle)
            + "; break the cycle by moving what they share into a package of its own");
  }

  /**
   * The shortest way from the project to a package, both ends included, the project as empty id.
   */
  List<String> pathTo(String target) {
    Map<String, String> before = new HashMap<>();
    Deque<String> open = new ArrayDeque<>(List.of(""));
    before.put("", "");
    while (!open.isEmpty()) {
      String id = open.pop();
      if (id.equals(target)) {
        List<String> path = new ArrayList<>();
        for (String at = id; !at.isEmpty(); at = before.getOrDefault(at, "")) {
          path.add(at);
        }
        return path.reversed();
      }
      for (String next : from(id)) {
        if (before.putIfAbsent(next, id) == null) {
          open.addLast(next);
        }
      }
    }
    return List.of();
  }
}
