package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.StackEffect;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes values from where they already lie on the stack, after Koopman, "A Preliminary Exploration
 * of Optimized Stack Code Generation" (1994): where a value is stored, and loaded again when the
 * stack is as deep as it was, a copy left below by DUP serves as well. A value all of whose loads
 * go that way needs no local.
 */
final class StackReuse {
  /** How many instructions a value may lie on the stack under others. */
  private static final int FAR = 256;

  private final IrPackage program;

  /** How often each value is loaded, by its id; moves at edges count. */
  private final int[] loads;

  /** How many of these loads stand in the block at work. */
  private final int[] here;

  /** Values of variables of the source: a debugger looks for them in a local. */
  private final BitSet named = new BitSet();

  /** Values that must be in a local, by their id. */
  private final BitSet stored;

  private StackReuse(IrPackage program, SsaFunction function, BitSet stored) {
    this.program = program;
    this.stored = stored;
    this.loads = new int[function.valueCount()];
    this.here = new int[function.valueCount()];
    for (SsaBlock block : function.blocks) {
      for (Op op : block.ops) {
        if (op.result != null && op.result.variable >= 0) {
          named.set(op.result.id);
        }
      }
    }
  }

  /**
   * Improves the code of all blocks.
   *
   * @param stored ids of values that a local gives their type: they are not found on the stack
   */
  static void improve(
      IrPackage program, SsaFunction function, List<List<Instruction>> code, BitSet stored) {
    StackReuse reuse = new StackReuse(program, function, stored);
    for (SsaBlock block : function.blocks) {
      for (Instruction instruction : code.get(block.number)) {
        if (instruction instanceof Instruction.LoadLocal load && load.local() < 0) {
          reuse.loads[StackScheduler.idOf(load.local())]++;
        }
      }
      for (Edge edge : block.end.edges()) {
        for (Value arg : edge.args) {
          reuse.loads[arg.id]++;
        }
      }
    }
    code.replaceAll(reuse::improve);
  }

  private List<Instruction> improve(List<Instruction> code) {
    @Nullable Instruction[] list = code.toArray(new Instruction[0]);
    for (Instruction instruction : code) {
      count(instruction, 1);
    }
    boolean changed = false;
    for (int i = 0; i < list.length; i++) {
      if (list[i] instanceof Instruction.StoreLocal store && store.local() < 0) {
        changed |= keep(list, i, store.local());
      }
    }
    for (Instruction instruction : code) {
      count(instruction, -1);
    }
    if (!changed) {
      return code;
    }
    List<Instruction> improved = new ArrayList<>(list.length);
    for (Instruction instruction : list) {
      if (instruction != null) {
        improved.add(instruction);
      }
    }
    return improved;
  }

  private void count(Instruction instruction, int by) {
    if (instruction instanceof Instruction.LoadLocal load && load.local() < 0) {
      here[StackScheduler.idOf(load.local())] += by;
    }
  }

  /**
   * The value stored at a place is kept on the stack if there is a load that finds it there: the
   * last such load first, so that the first one, right after the store, goes with the store itself.
   *
   * @param code instructions that are gone are null
   */
  private boolean keep(@Nullable Instruction[] code, int store, int virtual) {
    int id = StackScheduler.idOf(virtual);
    int count = loads[id];
    if (count == 0 || count > 2 || here[id] < count || stored.get(id)) {
      return false;
    }
    int first = next(code, store);
    if (count == 2 && isLoad(code, first, virtual)) {
      int second = next(code, first);
      if (isLoad(code, second, virtual)) {
        code[store] = new Instruction.Plain(Opcode.DUP);
        code[first] = null;
        code[second] = null;
        loads[id] = 0;
        return true;
      }
    }
    int depth = 0;
    int[] found = {-1, -1};
    int n = 0;
    int far = 0;
    // Depth is counted from below the stored value. A load at depth 0 can take it from there.
    for (int i = first; i < code.length && n < count; i = next(code, i)) {
      Instruction at = code[i];
      if (at == null || ++far > FAR) {
        return false;
      }
      if (at instanceof Instruction.Statement && named.get(id)) {
        return false;
      }
      if (at instanceof Instruction.LoadLocal load && load.local() == virtual) {
        if (depth != 0) {
          return false;
        }
        found[n++] = i;
      }
      StackEffect effect = StackEffect.of(at, program);
      depth -= effect.pops();
      if (depth < 0) {
        return false;
      }
      depth += effect.pushes();
    }
    if (n < count || (count == 2 && found[0] != firstAfter(code, store))) {
      return false;
    }
    loads[id] = 0;
    code[store] = count == 2 ? new Instruction.Plain(Opcode.DUP) : null;
    for (int i = 0; i < n; i++) {
      code[found[i]] = null;
    }
    return true;
  }

  /** The place of the next instruction that is not gone, or the end. */
  private static int next(@Nullable Instruction[] code, int from) {
    int at = from + 1;
    while (at < code.length && code[at] == null) {
      at++;
    }
    return at;
  }

  private static boolean isLoad(@Nullable Instruction[] code, int at, int virtual) {
    return at < code.length
        && code[at] instanceof Instruction.LoadLocal load
        && load.local() == virtual;
  }

  private static int firstAfter(@Nullable Instruction[] code, int store) {
    int at = next(code, store);
    while (at < code.length && code[at] instanceof Instruction.Statement) {
      at = next(code, at);
    }
    return at;
  }
}
