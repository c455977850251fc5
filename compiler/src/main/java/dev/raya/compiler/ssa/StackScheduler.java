package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Orders the operations of one block as stack code. From the back to the front, every operand that
 * is used once and was made in the same block is made right where it is used, if nothing that stays
 * between forbids it; all others go through a local. Operations that can fail or do something never
 * pass one another, nor the mark of a statement.
 *
 * <p>In the code made here, loads and stores of values are those of locals with negative numbers.
 */
final class StackScheduler {
  /** How many operations one may pass on its way to its use. */
  private static final int FAR = 40;

  private final List<Op> ops;
  private final boolean[] done;
  private final List<Instruction> reversed = new ArrayList<>();
  private int cursor;

  private final ValueTypes types;

  private StackScheduler(SsaBlock block, ValueTypes types) {
    this.types = types;
    this.ops = block.ops;
    this.done = new boolean[ops.size()];
    this.cursor = ops.size() - 1;
  }

  /** The number that stands for a value's local until it has one. */
  static int virtual(Value value) {
    return -1 - value.id;
  }

  /** The id of the value that such a number stands for. */
  static int idOf(int virtual) {
    return -1 - virtual;
  }

  /**
   * The code of a block, its end not included.
   *
   * @param passed the value left on the stack for the next block, or null
   */
  static List<Instruction> schedule(SsaBlock block, @Nullable Value passed, ValueTypes types) {
    StackScheduler scheduler = new StackScheduler(block, types);
    if (passed != null) {
      scheduler.produce(passed);
    }
    if (block.end.value() != null) {
      scheduler.produce(block.end.value());
    }
    scheduler.rest();
    return scheduler.reversed.reversed();
  }

  private void rest() {
    for (; cursor >= 0; cursor--) {
      if (done[cursor]) {
        continue;
      }
      Op op = ops.get(cursor);
      Value result = op.result;
      if (result == null) {
        emit(cursor);
      } else if (Effects.isConstant(op)) {
        done[cursor] = true;
      } else if (result.uses > 0) {
        reversed.add(new Instruction.StoreLocal(virtual(result)));
        emit(cursor);
      } else if (removable(op)) {
        done[cursor] = true;
      } else {
        reversed.add(new Instruction.Plain(Opcode.POP));
        emit(cursor);
      }
    }
  }

  private boolean removable(Op op) {
    Effects effects = Effects.of(op, types);
    return effects == Effects.NONE || effects == Effects.READS;
  }

  private void emit(int at) {
    done[at] = true;
    Op op = ops.get(at);
    if (op.isClosure()) {
      for (int i = op.args.length - 1; i >= 0; i--) {
        reversed.add(new Instruction.Capture(Opcode.CLOSE_VAR, i));
        produce(op.args[i]);
      }
      reversed.add(op.code);
      return;
    }
    if (!op.isCopy()) {
      reversed.add(op.code);
    }
    for (int i = op.args.length - 1; i >= 0; i--) {
      produce(op.args[i]);
    }
    if (op.begin != null) {
      reversed.add(op.begin);
    }
  }

  private void produce(Value value) {
    Op op = value.op;
    if (op != null && Effects.isConstant(op)) {
      reversed.add(op.code);
      return;
    }
    int at = op == null || value.uses != 1 || op.isCopy() ? -1 : find(op);
    if (at >= 0 && reach(at, value)) {
      emit(at);
    } else {
      reversed.add(new Instruction.LoadLocal(virtual(value)));
    }
  }

  private int find(Op op) {
    int far = 0;
    for (int i = cursor; i >= 0 && far <= FAR; i--) {
      if (!done[i]) {
        far++;
        if (ops.get(i) == op) {
          return i;
        }
      }
    }
    return -1;
  }

  /** Whether an operation may wait until here; marks of statements in between may be put here. */
  private boolean reach(int at, Value value) {
    Effects effects = Effects.of(ops.get(at), types);
    boolean passes = true;
    boolean statements = false;
    boolean others = false;
    for (int i = at + 1; i <= cursor; i++) {
      Op between = ops.get(i);
      if (!done[i] && !Effects.isConstant(between)) {
        passes &= effects.mayFollow(Effects.of(between, types));
        statements |= between.isStatement();
        others |= !between.isStatement();
      }
    }
    if (statements && value.variable >= 0) {
      return false;
    }
    if (passes) {
      return true;
    }
    if (others) {
      return false;
    }
    for (int i = cursor; i > at; i--) {
      if (!done[i]) {
        done[i] = true;
        if (ops.get(i).isStatement()) {
          reversed.add(ops.get(i).code);
        }
      }
    }
    return true;
  }
}
