package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.IrType;
import dev.raya.compiler.ir.Terminator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Removes blocks that cannot be reached, leads edges past blocks that only jump on, and puts a
 * block together with the only one before it.
 */
final class ControlFlow implements Pass {
  @Override
  public String name() {
    return "control flow";
  }

  @Override
  public boolean run(SsaFunction function, ValueTypes types) {
    boolean any = false;
    boolean changed = true;
    while (changed && (function.blocks.size() > 1 || !function.regions.isEmpty())) {
      changed = unreachable(function);
      changed |= sameTargets(function);
      changed |= thread(function);
      changed |= merge(function, types);
      any |= changed;
    }
    return any;
  }

  // --- unreachable blocks

  private static boolean unreachable(SsaFunction function) {
    BitSet reached = new BitSet();
    Deque<SsaBlock> open = new ArrayDeque<>();
    reach(function.blocks.getFirst(), reached, open);
    BitSet regions = new BitSet();
    while (!open.isEmpty()) {
      SsaBlock block = open.pop();
      for (Edge edge : block.end.edges()) {
        reach(edge.target, reached, open);
      }
      for (int r = block.region; r >= 0 && !regions.get(r); ) {
        regions.set(r);
        reach(function.regions.get(r).handler(), reached, open);
        r = function.regions.get(r).parent();
      }
    }
    SsaBlock first = function.blocks.getFirst();
    for (int r = 0; r < function.regions.size(); r++) {
      if (!regions.get(r)) {
        SsaFunction.Region gone = function.regions.get(r);
        function.regions.set(
            r, new SsaFunction.Region(gone.parent(), first, gone.catchClass(), first));
      }
    }
    if (!function.blocks.removeIf(block -> !reached.get(block.number))) {
      return false;
    }
    function.renumber();
    return true;
  }

  private static void reach(SsaBlock block, BitSet reached, Deque<SsaBlock> open) {
    if (!reached.get(block.number)) {
      reached.set(block.number);
      open.push(block);
    }
  }

  // --- branches whose ways are one

  private static boolean sameTargets(SsaFunction function) {
    boolean changed = false;
    for (SsaBlock block : function.blocks) {
      List<Edge> edges = block.end.edges();
      if (edges.size() > 1) {
        Edge first = edges.getFirst();
        boolean same = true;
        for (Edge edge : edges) {
          same &= edge.target == first.target && edge.args.equals(first.args);
        }
        if (same) {
          block.end = End.jump(first);
          changed = true;
        }
      }
    }
    return changed;
  }

  // --- blocks that only jump on

  private static boolean thread(SsaFunction function) {
    if (!mayThread(function)) {
      return false;
    }
    Set<SsaBlock> kept = new HashSet<>();
    kept.add(function.blocks.getFirst());
    for (SsaFunction.Region region : function.regions) {
      kept.add(region.before());
    }
    Uses.count(function);
    boolean changed = false;
    for (SsaBlock block : function.blocks) {
      for (Edge edge : block.end.edges()) {
        SsaBlock over = edge.target;
        if (over != block
            && !kept.contains(over)
            && onlyJumps(over)
            && canPass(block, edge, over)) {
          List<Value> args = new ArrayList<>();
          Edge on = over.end.edges().getFirst();
          for (Value arg : on.args) {
            int index = over.params.indexOf(arg);
            args.add(index < 0 ? arg : edge.args.get(index));
          }
          edge.target = on.target;
          edge.args.clear();
          edge.args.addAll(args);
          changed = true;
        }
      }
    }
    return changed;
  }

  private static boolean mayThread(SsaFunction function) {
    for (int i = 1; i < function.blocks.size(); i++) {
      if (onlyJumps(function.blocks.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean onlyJumps(SsaBlock block) {
    if (!block.end.isJump() || block.handler || block.end.edges().getFirst().target == block) {
      return false;
    }
    for (Op op : block.ops) {
      if (!op.isStatement()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether an edge may lead past a block: nobody else needs the block's parameters, and no values
   * have to be moved on an edge of a block with several ends.
   */
  private static boolean canPass(SsaBlock from, Edge edge, SsaBlock over) {
    Edge on = over.end.edges().getFirst();
    if (from.end.edges().size() > 1 && !on.args.isEmpty()) {
      return false;
    }
    if (from.region != over.region && over.region != on.target.region) {
      return false;
    }
    for (Value param : over.params) {
      int here = 0;
      for (Value arg : on.args) {
        here += arg == param ? 1 : 0;
      }
      if (param.uses != here) {
        return false;
      }
    }
    return true;
  }

  // --- straight lines

  private static boolean merge(SsaFunction function, ValueTypes types) {
    int[] incoming = new int[function.blocks.size()];
    for (SsaBlock block : function.blocks) {
      for (Edge edge : block.end.edges()) {
        incoming[edge.target.number]++;
      }
    }
    Map<SsaBlock, List<Integer>> entered =
        function.regions.isEmpty() ? Map.of() : new IdentityHashMap<>();
    for (int r = 0; r < function.regions.size(); r++) {
      SsaBlock before = function.regions.get(r).before();
      entered.computeIfAbsent(before, _ -> new ArrayList<>()).add(r);
    }
    BitSet gone = new BitSet();
    boolean changed = false;
    for (SsaBlock block : function.blocks) {
      while (!gone.get(block.number) && block.end.isJump()) {
        Edge edge = block.end.edges().getFirst();
        SsaBlock next = edge.target;
        if (next == block
            || next.region != block.region
            || next.handler
            || next == function.blocks.getFirst()
            || incoming[next.number] != 1) {
          break;
        }
        for (int i = 0; i < next.params.size(); i++) {
          Value param = next.params.get(i);
          Value arg = edge.args.get(i).current();
          if (param.variable >= 0 && arg.variable < 0 && !arg.isConstant()) {
            arg.variable = param.variable;
          }
          param.replaceBy(seenAs(param, arg, block, function, types));
        }
        block.ops.addAll(next.ops);
        block.end = next.end;
        List<Integer> regions = entered.isEmpty() ? null : entered.remove(next);
        if (regions != null) {
          for (int r : regions) {
            SsaFunction.Region region = function.regions.get(r);
            function.regions.set(
                r,
                new SsaFunction.Region(
                    region.parent(), region.handler(), region.catchClass(), block));
          }
          entered.computeIfAbsent(block, _ -> new ArrayList<>()).addAll(regions);
        }
        gone.set(next.number);
        changed = true;
      }
    }
    if (changed) {
      function.blocks.removeIf(block -> gone.get(block.number));
      function.renumber();
      function.resolve();
    }
    return changed;
  }

  /**
   * What an edge brings, in the type of the parameter: that is the type by which operations on it
   * were checked. {@code NON_NULL} of a value that is known to be null would have none.
   */
  private static Value seenAs(
      Value param, Value arg, SsaBlock block, SsaFunction function, ValueTypes types) {
    IrType type = types.of(param);
    IrType own = types.of(arg);
    if (own.equals(type)
        || (own instanceof IrType.ClassType
            && type instanceof IrType.ClassType
            && types.relation().assignable(own, type))) {
      return arg;
    }
    Op copy = Op.copy(type, arg);
    block.ops.add(copy);
    Value seen = function.newResult(copy);
    seen.type(type);
    return seen;
  }

  /** Whether an end has several ways. */
  static boolean branches(End end) {
    return !(end.how() instanceof Terminator.Jump) && end.edges().size() > 1;
  }
}
