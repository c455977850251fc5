package dev.raya.compiler.graph;

import dev.raya.cache.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Nodes and directed edges, in a fixed order. Ids are stable: they depend on names, not on numbers
 * that change when something else is added.
 *
 * @param name what it is a graph of
 * @param nodes sorted by id, each id once
 * @param edges sorted by their ends
 */
public record Graph(String name, List<Node> nodes, List<Edge> edges) {
  /**
   * A node.
   *
   * @param kind what it stands for
   * @param label what is shown
   */
  public record Node(String id, String kind, String label) {}

  /**
   * An edge.
   *
   * @param kind what the first has to do with the second
   */
  public record Edge(String from, String to, String kind) {}

  /** Sorts and copies the lists. */
  public Graph {
    Map<String, Node> byId = new TreeMap<>();
    nodes.forEach(node -> byId.putIfAbsent(node.id(), node));
    nodes = List.copyOf(byId.values());
    edges =
        edges.stream()
            .distinct()
            .sorted(
                java.util.Comparator.comparing(Edge::from)
                    .thenComparing(Edge::to)
                    .thenComparing(Edge::kind))
            .toList();
  }

  /** {@code {"name", "nodes": [{"id", "kind", "label"}], "edges": [{"from", "to", "kind"}]}}. */
  public Json.Obj json() {
    List<Json> nodeList = new ArrayList<>();
    for (Node node : nodes) {
      nodeList.add(
          Json.object()
              .put("id", node.id())
              .put("kind", node.kind())
              .put("label", node.label())
              .build());
    }
    List<Json> edgeList = new ArrayList<>();
    for (Edge edge : edges) {
      edgeList.add(
          Json.object()
              .put("from", edge.from())
              .put("to", edge.to())
              .put("kind", edge.kind())
              .build());
    }
    return Json.object()
        .put("name", name)
        .put("nodes", new Json.Array(nodeList))
        .put("edges", new Json.Array(edgeList))
        .build();
  }

  /** The language of Graphviz. */
  public String dot() {
    StringBuilder out = new StringBuilder("digraph " + quoted(name) + " {\n");
    out.append("  node [shape=box, fontname=\"monospace\"];\n");
    for (Node node : nodes) {
      out.append("  ").append(quoted(node.id())).append(" [label=");
      out.append(quoted(node.label())).append("];\n");
    }
    for (Edge edge : edges) {
      out.append("  ").append(quoted(edge.from())).append(" -> ").append(quoted(edge.to()));
      out.append(" [label=").append(quoted(edge.kind())).append("];\n");
    }
    return out.append("}\n").toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\l") + '"';
  }

  /** For people: each node with what it leads to. */
  public String text() {
    StringBuilder out = new StringBuilder();
    for (Node node : nodes) {
      out.append(node.id()).append("  (").append(node.kind()).append(")\n");
      for (Edge edge : edges) {
        if (edge.from().equals(node.id())) {
          out.append("  ").append(edge.kind()).append(" -> ").append(edge.to()).append('\n');
        }
      }
    }
    return out.toString();
  }
}
