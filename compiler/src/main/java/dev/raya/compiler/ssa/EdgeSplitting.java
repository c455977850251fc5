package dev.raya.compiler.ssa;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts a block on every edge that brings values from a block with several ends, so that the values
 * can be moved at the end of a block with one.
 */
final class EdgeSplitting {
  private EdgeSplitting() {}

  static void run(SsaFunction function) {
    List<SsaBlock> blocks = new ArrayList<>();
    boolean split = false;
    for (SsaBlock block : function.blocks) {
      blocks.add(block);
      if (block.end.edges().size() > 1) {
        for (Edge edge : block.end.edges()) {
          if (!edge.args.isEmpty()) {
            blocks.add(split(function, block, edge));
            split = true;
          }
        }
      }
    }
    if (split) {
      function.blocks.clear();
      function.blocks.addAll(blocks);
      function.renumber();
    }
  }

  private static SsaBlock split(SsaFunction function, SsaBlock from, Edge edge) {
    SsaBlock target = edge.target;
    SsaBlock between = new SsaBlock(0, from.region);
    between.end = End.jump(new Edge(target, new ArrayList<>(edge.args)));
    edge.target = between;
    edge.args.clear();
    for (int r = target.region; r >= 0; r = function.regions.get(r).parent()) {
      SsaFunction.Region region = function.regions.get(r);
      if (region.before() == from && !liesIn(function, from, r)) {
        function.regions.set(
            r,
            new SsaFunction.Region(
                region.parent(), region.handler(), region.catchClass(), between));
      }
    }
    return between;
  }

  private static boolean liesIn(SsaFunction function, SsaBlock block, int region) {
    for (int at = block.region; at >= 0; at = function.regions.get(at).parent()) {
      if (at == region) {
        return true;
      }
    }
    return false;
  }
}
