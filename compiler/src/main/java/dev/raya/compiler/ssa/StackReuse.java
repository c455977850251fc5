package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.compiler.ir.StackEffect;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Takes values from where they already lie on the stack, after Koopman, "A Preliminary Exploration
 * of Optimized Stack Code Generation" (1994): where a value is stored, and loaded again when the
 * stack is as deep as it was, a copy left below by DUP serves as well. A value all of whose loads
 * go that way needs no local.
 */
final class StackReuse {
  private final IrPackage program;

  /** How often each value is loaded, by its id; moves at edges count. */
  private final int[] loads;

  /** Values of variables of the source: a debugger looks for them in a local. */
  private final BitSet named = new BitSet();

  /** Values that must be in a local, by their id. */
  private final BitSet stored;

  private StackReuse(IrPackage program, SsaFunction function, BitSet stored) {
    this.program = program;
    this.stored = stored;
    this.loads = new int[function.valueCount()];
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
    List<Instruction> list = code;
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof Instruction.StoreLocal store && store.local() < 0) {
        list = keep(list, i, store.local());
      }
    }
    return list;
  }

  /**
   * The value stored at a place is kept on the stack if there is a load that finds it there: the
   * last such load first, so that the first one, right after the store, goes with the store itself.
   */
  private List<Instruction> keep(List<Instruction> code, int store, int virtual) {
    int id = StackScheduler.idOf(virtual);
    int count = loads[id];
    if (count == 0 || count > 2 || stored.get(id)) {
      return code;
    }
    if (count == 2 && isLoad(code, store + 1, virtual) && isLoad(code, store + 2, virtual)) {
      List<Instruction> out = new ArrayList<>(code);
      out.set(store, new Instruction.Plain(Opcode.DUP));
      out.subList(store + 1, store + 3).clear();
      loads[id] = 0;
      return out;
    }
    int depth = 0;
    int[] found = new int[2];
    Arrays.fill(found, -1);
    int n = 0;
    // Depth is counted from below the stored value. A load at depth 0 can take it from there.
    for (int i = store + 1; i < code.size() && n < count; i++) {
      Instruction at = code.get(i);
      if (at instanceof Instruction.Statement && named.get(id)) {
        return code;
      }
      if (at instanceof Instruction.LoadLocal load && load.local() == virtual) {
        if (depth != 0) {
          return code;
        }
        found[n++] = i;
      }
      StackEffect effect = StackEffect.of(at, program);
      depth -= effect.pops();
      if (depth < 0) {
        return code;
      }
      depth += effect.pushes();
    }
    if (n < count || (count == 2 && found[0] != firstAfter(code, store))) {
      return code;
    }
    loads[id] = 0;
    List<Instruction> out = new ArrayList<>(code.subList(0, store));
    for (int i = store; i < code.size(); i++) {
      if (i == store) {
        if (count == 2) {
          out.add(new Instruction.Plain(Opcode.DUP));
        }
      } else if (i != found[0] && i != found[1]) {
        out.add(code.get(i));
      }
    }
    return out;
  }

  private static boolean isLoad(List<Instruction> code, int at, int virtual) {
    return at < code.size()
        && code.get(at) instanceof Instruction.LoadLocal load
        && load.local() == virtual;
  }

  private static int firstAfter(List<Instruction> code, int store) {
    int at = store + 1;
    while (at < code.size() && code.get(at) instanceof Instruction.Statement) {
      at++;
    }
    return at;
  }
}
