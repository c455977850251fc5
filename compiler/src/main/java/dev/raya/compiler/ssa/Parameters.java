package dev.raya.compiler.ssa;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Block parameters together with the edges that feed them. */
final class Parameters {
  private Parameters() {}

  /**
   * The one value, other than the parameter itself, that all edges bring; null if there are two.
   */
  static @Nullable Value only(Value parameter, List<Edge> edges, int index) {
    Value same = null;
    for (Edge edge : edges) {
      Value arg = edge.args.get(index).current();
      if (arg != parameter) {
        if (same != null && same != arg) {
          return null;
        }
        same = arg;
      }
    }
    return same;
  }

  /** Takes a parameter away from a block and its value from every edge. */
  static void remove(SsaBlock block, List<Edge> edges, int index) {
    block.params.remove(index);
    for (Edge edge : edges) {
      edge.args.remove(index);
    }
  }
}
