package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.Terminator;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides tests by what earlier tests have told and by the ranges of ints: on the way from a branch
 * its condition is known, and with it the ranges of what it compares; lengths are not negative; a
 * counter that starts somewhere and only grows while it is below something stays at or above its
 * start. A remainder of what is not negative by a power of two is a mask.
 *
 * <p>The file has no loads of elements without a check ({@code rbin.md} 4), so those stay.
 */
final class RangeFacts implements Pass {
  /** How far a value's range is looked for through its operands. */
  private static final int DEEP = 6;

  @Override
  public String name() {
    return "range facts";
  }

  @Override
  public boolean run(SsaFunction function, ValueTypes types) {
    return mayDecide(function) && new Run(function).run();
  }

  /**
   * Whether there is anything that facts could decide: a value that several branches test or that
   * is a constant, a comparison or remainder of ints in a function with branches.
   */
  private static boolean mayDecide(SsaFunction function) {
    Set<Value> tested = new HashSet<>();
    boolean again = false;
    boolean ints = false;
    for (SsaBlock block : function.blocks) {
      for (Op op : block.ops) {
        Opcode opcode = op.plain();
        ints |= opcode != null && (opcode == Opcode.IMOD || Run.turned(opcode) != null);
      }
      Value value = block.end.value();
      if (value != null && block.end.how() instanceof Terminator.Branch) {
        again |= !tested.add(value.current()) || value.current().isConstant();
      }
    }
    return again || (ints && !tested.isEmpty());
  }

  /** What a block adds to what is known: told by the branch that leads to it. */
  private record Fact(Value value, boolean holds, boolean ofNull) {}

  /** The work on one function. */
  private static final class Run {
    private final SsaFunction function;
    private final Dominators dominators;
    private final List<List<Edge>> incoming;
    private final Map<SsaBlock, List<SsaBlock>> below = new HashMap<>();
    private final Map<Edge, SsaBlock> sources = new HashMap<>();

    /** Conditions known here, and the ranges that follow from them; the latest first. */
    private final Map<Value, Deque<Boolean>> conditions = new HashMap<>();

    private final Map<Value, Deque<Boolean>> nulls = new HashMap<>();
    private final Map<Value, Deque<Interval>> ranges = new HashMap<>();

    /**
     * Above zero while the values are asked for that a loop brings from its rounds before: what is
     * told of the values of this round is not about them.
     */
    private int inOtherRounds;

    private boolean changed;

    Run(SsaFunction function) {
      this.function = function;
      this.dominators = Dominators.of(function);
      this.incoming = function.incoming();
      for (SsaBlock block : function.blocks) {
        block.end.edges().forEach(edge -> sources.put(edge, block));
      }
      for (SsaBlock block : dominators.order) {
        if (block != function.blocks.getFirst()) {
          below.computeIfAbsent(dominators.parent(block), _ -> new ArrayList<>()).add(block);
        }
      }
    }

    /** A block on the way through the dominator tree, with what has to be forgotten after it. */
    private record Visit(SsaBlock block, @Nullable List<Runnable> leaving) {}

    boolean run() {
      Deque<Visit> open = new ArrayDeque<>();
      open.push(new Visit(function.blocks.getFirst(), null));
      while (!open.isEmpty()) {
        Visit visit = open.pop();
        if (visit.leaving() != null) {
          visit.leaving().reversed().forEach(Runnable::run);
          continue;
        }
        List<Runnable> leaving = new ArrayList<>();
        learn(visit.block(), leaving);
        block(visit.block());
        open.push(new Visit(visit.block(), leaving));
        for (SsaBlock next : below.getOrDefault(visit.block(), List.of())) {
          open.push(new Visit(next, null));
        }
      }
      if (changed) {
        function.resolve();
      }
      return changed;
    }

    // --- facts

    private void learn(SsaBlock block, List<Runnable> leaving) {
      List<Edge> edges = incoming.get(block.number);
      if (edges.size() != 1) {
        return;
      }
      SsaBlock from = sources.get(edges.getFirst());
      Fact fact = from == null ? null : fact(from.end, edges.getFirst());
      if (fact == null) {
        return;
      }
      if (fact.ofNull()) {
        put(nulls, fact.value(), fact.holds(), leaving);
        return;
      }
      put(conditions, fact.value(), fact.holds(), leaving);
      Op op = fact.value().op;
      if (op == null || op.plain() == null || op.args.length != 2) {
        return;
      }
      Opcode holding = fact.holds() ? op.plain() : Arithmetic.negated(op.plain());
      Opcode turned = holding == null ? null : turned(holding);
      if (holding != null && turned != null) {
        narrow(op.args[0], holding, op.args[1], leaving);
        narrow(op.args[1], turned, op.args[0], leaving);
      }
    }

    private static @Nullable Fact fact(End end, Edge edge) {
      if (!(end.how() instanceof Terminator.Branch branch)
          || end.value() == null
          || end.edges().get(0).target == end.edges().get(1).target) {
        return null;
      }
      boolean taken = end.edges().getFirst() == edge;
      return switch (branch.test()) {
        case JMP_IF_TRUE -> new Fact(end.value(), taken, false);
        case JMP_IF_FALSE -> new Fact(end.value(), !taken, false);
        case JMP_IF_NULL -> new Fact(end.value(), taken, true);
        default -> new Fact(end.value(), !taken, true);
      };
    }

    private static @Nullable Opcode turned(Opcode comparison) {
      return switch (comparison) {
        case ILT -> Opcode.IGT;
        case ILE -> Opcode.IGE;
        case IGT -> Opcode.ILT;
        case IGE -> Opcode.ILE;
        case IEQ, INE -> comparison;
        default -> null;
      };
    }

    private void narrow(Value value, Opcode holding, Value other, List<Runnable> leaving) {
      if (!value.isConstant()) {
        Interval known = range(value, DEEP);
        Interval now = known.and(Interval.where(holding, range(other, DEEP)));
        if (holding == Opcode.INE && Constants.integer(other) instanceof Integer c) {
          now =
              new Interval(
                  now.low() == c && c < now.high() ? c + 1 : now.low(),
                  now.high() == c && c > now.low() ? c - 1 : now.high());
        }
        if (!now.equals(known)) {
          put(ranges, value, now, leaving);
        }
      }
    }

    private static <T> void put(
        Map<Value, Deque<T>> facts, Value value, T fact, List<Runnable> leaving) {
      Deque<T> all = facts.computeIfAbsent(value, _ -> new ArrayDeque<>());
      all.push(fact);
      leaving.add(all::pop);
    }

    private static <T> @Nullable T known(Map<Value, Deque<T>> facts, Value value) {
      Deque<T> all = facts.get(value);
      return all == null ? null : all.peek();
    }

    // --- ranges

    private Interval range(Value value, int deep) {
      Interval told = inOtherRounds > 0 ? null : known(ranges, value);
      Interval own = deep == 0 ? Interval.ALL : own(value, deep - 1);
      return told == null ? own : told.and(own);
    }

    private Interval own(Value value, int deep) {
      Op op = value.op;
      if (op == null) {
        return counter(value, deep);
      }
      Integer constant = Constants.integer(value);
      if (constant != null) {
        return Interval.of(constant);
      }
      if (op.plain() == null) {
        return Interval.ALL;
      }
      return switch (op.plain()) {
        case ARRAY_LEN, SLEN, SLEN_BYTES -> Interval.NATURAL;
        case IADD -> range(op.args[0], deep).plus(range(op.args[1], deep));
        case IAND -> {
          Integer mask = Constants.integer(op.args[1]);
          yield mask != null && mask >= 0 ? new Interval(0, mask) : Interval.ALL;
        }
        case IMOD -> {
          Integer by = Constants.integer(op.args[1]);
          if (by == null || by == 0 || by == Integer.MIN_VALUE) {
            yield Interval.ALL;
          }
          int most = Math.abs(by) - 1;
          yield new Interval(range(op.args[0], deep).low() >= 0 ? 0 : -most, most);
        }
        case ISHR -> {
          Integer by = Constants.integer(op.args[1]);
          Interval shifted = range(op.args[0], deep);
          yield by == null ? Interval.ALL : new Interval(shifted.low() >> by, shifted.high() >> by);
        }
        case IUSHR -> {
          Integer by = Constants.integer(op.args[1]);
          yield by == null || (by & 31) == 0 ? Interval.ALL : new Interval(0, -1 >>> by);
        }
        default -> Interval.ALL;
      };
    }

    /** The range of a parameter: from the least start if it only counts up and never wraps. */
    private Interval counter(Value value, int deep) {
      SsaBlock block = value.block;
      if (block == null || block.handler || block == function.blocks.getFirst()) {
        return Interval.ALL;
      }
      int index = block.params.indexOf(value);
      inOtherRounds++;
      try {
        return counter(value, index, incoming.get(block.number), deep);
      } finally {
        inOtherRounds--;
      }
    }

    private Interval counter(Value value, int index, List<Edge> edges, int deep) {
      Interval start = null;
      boolean counts = false;
      for (Edge edge : edges) {
        Value arg = edge.args.get(index);
        if (arg == value) {
          continue;
        }
        if (countsUp(arg, value)) {
          counts = true;
        } else {
          Integer constant = Constants.integer(arg);
          Interval from =
              constant != null
                  ? Interval.of(constant)
                  : arg.op == null ? Interval.ALL : own(arg, Math.max(0, deep - 2));
          start = start == null ? from : start.or(from);
        }
      }
      if (start == null) {
        return Interval.ALL;
      }
      return counts ? new Interval(start.low(), Integer.MAX_VALUE) : start;
    }

    /**
     * Whether a value is a parameter plus one, made where the parameter is known to be below
     * something, so that the sum is greater.
     */
    private boolean countsUp(Value sum, Value counter) {
      Op op = sum.op;
      if (op == null
          || op.plain() != Opcode.IADD
          || op.args[0] != counter
          || !Integer.valueOf(1).equals(Constants.integer(op.args[1]))) {
        return false;
      }
      SsaBlock at = home(op);
      while (at != null && at != function.blocks.getFirst()) {
        List<Edge> edges = incoming.get(at.number);
        if (edges.size() == 1) {
          SsaBlock from = sources.get(edges.getFirst());
          Fact fact = from == null ? null : fact(from.end, edges.getFirst());
          if (fact != null && !fact.ofNull() && isBelow(fact, counter)) {
            return true;
          }
        }
        at = dominators.parent(at);
      }
      return false;
    }

    private static boolean isBelow(Fact fact, Value counter) {
      Op op = fact.value().op;
      if (op == null || op.plain() == null || op.args.length != 2) {
        return false;
      }
      Opcode holding = fact.holds() ? op.plain() : Arithmetic.negated(op.plain());
      return (holding == Opcode.ILT && op.args[0] == counter)
          || (holding == Opcode.IGT && op.args[1] == counter);
    }

    private final Map<Op, SsaBlock> homes = new HashMap<>();

    private @Nullable SsaBlock home(Op op) {
      if (homes.isEmpty()) {
        for (SsaBlock block : dominators.order) {
          block.ops.forEach(o -> homes.put(o, block));
        }
      }
      return homes.get(op);
    }

    // --- what follows

    private void block(SsaBlock block) {
      List<Op> out = new ArrayList<>(block.ops.size());
      for (Op op : block.ops) {
        Value simpler = op.result == null ? null : simpler(op, out);
        if (simpler == null || op.result == null) {
          out.add(op);
        } else {
          op.result.replaceBy(simpler);
          changed = true;
        }
      }
      block.ops = out;
      end(block);
    }

    private @Nullable Value simpler(Op op, List<Op> out) {
      Opcode opcode = op.plain();
      if (opcode == null || op.args.length != 2) {
        return null;
      }
      if (turned(opcode) != null && !op.args[0].isReplaced() && !op.args[1].isReplaced()) {
        Boolean always = range(op.args[0], DEEP).compare(opcode, range(op.args[1], DEEP));
        return always == null ? null : constant(always, out);
      }
      if (opcode == Opcode.IMOD
          && Constants.integer(op.args[1]) instanceof Integer by
          && by > 1
          && (by & (by - 1)) == 0
          && range(op.args[0], DEEP).low() >= 0) {
        Value mask = constant(by - 1, out);
        Op and = Op.of(new Instruction.Plain(Opcode.IAND), op.args[0], mask);
        out.add(and);
        return function.newResult(and);
      }
      return null;
    }

    private Value constant(Object value, List<Op> out) {
      Op op = Op.of(Constants.instruction(value));
      out.add(op);
      return function.newResult(op);
    }

    private void end(SsaBlock block) {
      Value value = block.end.value();
      if (value == null || !(block.end.how() instanceof Terminator.Branch branch)) {
        return;
      }
      boolean ofNull =
          branch.test() == Opcode.JMP_IF_NULL || branch.test() == Opcode.JMP_IF_NOT_NULL;
      Boolean known = known(ofNull ? nulls : conditions, value);
      if (known == null && !ofNull && Constants.of(value.current()) instanceof Boolean decided) {
        known = decided;
      }
      if (known != null) {
        boolean onTrue = branch.test() == Opcode.JMP_IF_TRUE || branch.test() == Opcode.JMP_IF_NULL;
        block.end = End.jump(block.end.edges().get(known == onTrue ? 0 : 1));
        changed = true;
      }
    }
  }
}
