package dev.raya.compiler.ssa;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reverse postorder and immediate dominators, after Cooper, Harvey, Kennedy, "A Simple, Fast
 * Dominance Algorithm" (2001). A handler hangs below the block before its region: nothing that is
 * made in the region is there for certain when an error comes.
 */
final class Dominators {
  private static final int NONE = -1;

  /** Blocks that can be reached, each before those it dominates. */
  final List<SsaBlock> order;

  private final int[] position;
  private final int[] parent;

  private Dominators(List<SsaBlock> order, int[] position, int[] parent) {
    this.order = order;
    this.position = position;
    this.parent = parent;
  }

  /** Works them out; the blocks must be numbered by their place. */
  static Dominators of(SsaFunction function) {
    int count = function.blocks.size();
    List<List<SsaBlock>> successors = successors(function);
    List<SsaBlock> order = reversePostorder(function, successors);
    int[] position = new int[count];
    Arrays.fill(position, NONE);
    List<List<Integer>> sources = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      position[order.get(i).number] = i;
      sources.add(new ArrayList<>());
    }
    for (SsaBlock block : order) {
      for (SsaBlock next : successors.get(block.number)) {
        sources.get(position[next.number]).add(position[block.number]);
      }
    }
    int[] parent = new int[order.size()];
    Arrays.fill(parent, NONE);
    if (parent.length > 0) {
      parent[0] = 0;
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = 1; i < parent.length; i++) {
        int above = NONE;
        for (int source : sources.get(i)) {
          if (parent[source] != NONE) {
            above = above == NONE ? source : common(parent, source, above);
          }
        }
        if (parent[i] != above) {
          parent[i] = above;
          changed = true;
        }
      }
    }
    return new Dominators(order, position, parent);
  }

  private static int common(int[] parent, int first, int second) {
    int a = first;
    int b = second;
    while (a != b) {
      if (a > b) {
        a = parent[a];
      } else {
        b = parent[b];
      }
    }
    return a;
  }

  /** Where control may go from each block: its edges, and handlers of regions it is before. */
  private static List<List<SsaBlock>> successors(SsaFunction function) {
    List<List<SsaBlock>> successors = new ArrayList<>();
    for (SsaBlock block : function.blocks) {
      List<SsaBlock> next = new ArrayList<>();
      for (Edge edge : block.end.edges()) {
        next.add(edge.target);
      }
      successors.add(next);
    }
    for (SsaFunction.Region region : function.regions) {
      if (region.handler().handler) {
        successors.get(region.before().number).addFirst(region.handler());
      }
    }
    return successors;
  }

  private static List<SsaBlock> reversePostorder(
      SsaFunction function, List<List<SsaBlock>> successors) {
    boolean[] seen = new boolean[function.blocks.size()];
    int[] next = new int[function.blocks.size()];
    List<SsaBlock> postorder = new ArrayList<>();
    List<SsaBlock> open = new ArrayList<>(List.of(function.blocks.getFirst()));
    seen[0] = true;
    while (!open.isEmpty()) {
      SsaBlock at = open.getLast();
      List<SsaBlock> targets = successors.get(at.number);
      if (next[at.number] < targets.size()) {
        SsaBlock target = targets.get(next[at.number]++);
        if (!seen[target.number]) {
          seen[target.number] = true;
          open.add(target);
        }
      } else {
        open.removeLast();
        postorder.add(at);
      }
    }
    return postorder.reversed();
  }

  boolean isReached(SsaBlock block) {
    return position[block.number] != NONE;
  }

  /** Whether every way to a block leads through another one; each block dominates itself. */
  boolean dominates(SsaBlock above, SsaBlock below) {
    int wanted = position[above.number];
    int at = position[below.number];
    while (at > wanted) {
      at = parent[at];
    }
    return at == wanted;
  }

  /** The nearest block that every way to a block leads through; of the first block itself. */
  SsaBlock parent(SsaBlock block) {
    return order.get(parent[position[block.number]]);
  }
}
