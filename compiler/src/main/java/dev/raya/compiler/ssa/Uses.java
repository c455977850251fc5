package dev.raya.compiler.ssa;

/** Counts how often each value is named. */
final class Uses {
  private Uses() {}

  static void count(SsaFunction function) {
    for (SsaBlock block : function.blocks) {
      for (Value param : block.params) {
        param.uses = 0;
      }
      for (Op op : block.ops) {
        if (op.result != null) {
          op.result.uses = 0;
        }
      }
    }
    for (SsaBlock block : function.blocks) {
      for (Op op : block.ops) {
        for (Value arg : op.args) {
          arg.uses++;
        }
      }
      if (block.end.value() != null) {
        block.end.value().uses++;
      }
      for (Edge edge : block.end.edges()) {
        for (Value arg : edge.args) {
          arg.uses++;
        }
      }
    }
  }
}
