package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Instruction;
import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayList;
import java.util.List;

/** {@code LOAD x, INT c, IADD, STORE x} is one instruction. */
final class Increments {
  private Increments() {}

  static List<Instruction> form(List<Instruction> code) {
    List<Instruction> out = new ArrayList<>(code.size());
    for (Instruction instruction : code) {
      out.add(instruction);
      int n = out.size();
      if (n >= 4
          && instruction instanceof Instruction.StoreLocal store
          && out.get(n - 2) instanceof Instruction.Plain plain
          && (plain.opcode() == Opcode.IADD || plain.opcode() == Opcode.ISUB)
          && out.get(n - 3) instanceof Instruction.IntConstant constant
          && out.get(n - 4) instanceof Instruction.LoadLocal load
          && load.local() == store.local()) {
        long by = plain.opcode() == Opcode.IADD ? constant.value() : -(long) constant.value();
        if (by == (short) by) {
          out.subList(n - 4, n).clear();
          out.add(new Instruction.Increment(store.local(), (int) by));
        }
      }
    }
    return out;
  }
}
