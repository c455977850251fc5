package dev.raya.compiler.ssa;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * Removes operations whose results nobody needs and that do nothing else, and parameters that only
 * feed themselves. What may raise an error stays.
 */
final class DeadCode implements Pass {
  @Override
  public String name() {
    return "dead code";
  }

  @Override
  public boolean run(SsaFunction function, ValueTypes types) {
    List<List<Edge>> incoming = function.bringing();
    BitSet needed = new BitSet(function.valueCount());
    Deque<Value> open = new ArrayDeque<>();
    for (SsaBlock block : function.blocks) {
      for (Op op : block.ops) {
        if (stays(op, types)) {
          need(op.args, needed, open);
        }
      }
      if (block.end.value() != null) {
        need(block.end.value(), needed, open);
      }
    }
    while (!open.isEmpty()) {
      Value value = open.pop();
      if (value.op != null) {
        need(value.op.args, needed, open);
      } else if (value.block != null) {
        int index = value.block.params.indexOf(value);
        for (Edge edge : incoming.get(value.block.number)) {
          need(edge.args.get(index), needed, open);
        }
      }
    }
    return sweep(function, types, incoming, needed);
  }

  private static boolean stays(Op op, ValueTypes types) {
    Effects effects = Effects.of(op, types);
    return op.result == null || (effects != Effects.NONE && effects != Effects.READS);
  }

  private static void need(Value[] values, BitSet needed, Deque<Value> open) {
    for (Value value : values) {
      need(value, needed, open);
    }
  }

  private static void need(Value value, BitSet needed, Deque<Value> open) {
    if (!needed.get(value.id)) {
      needed.set(value.id);
      open.push(value);
    }
  }

  private static boolean sweep(
      SsaFunction function, ValueTypes types, List<List<Edge>> incoming, BitSet needed) {
    boolean changed = false;
    for (SsaBlock block : function.blocks) {
      List<Op> kept = new ArrayList<>(block.ops.size());
      for (Op op : block.ops) {
        if (op.result == null || needed.get(op.result.id) || stays(op, types)) {
          kept.add(op);
        }
      }
      changed |= kept.size() < block.ops.size();
      block.ops = kept;
      if (!block.handler && block != function.blocks.getFirst()) {
        for (int i = block.params.size() - 1; i >= 0; i--) {
          if (!needed.get(block.params.get(i).id)) {
            Parameters.remove(block, incoming.get(block.number), i);
            changed = true;
          }
        }
      }
    }
    return changed;
  }
}
