package dev.raya.compiler.emit;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrPackage;
import dev.raya.vm.bytecode.Builtins;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * What calling an exported function of the standard library needs (rbin.md 3.10): the guards of all
 * built-ins that it can reach. Importers take it over into their own META, so that a package's need
 * is known before it runs. Only the library's functions state one: all other code needs what it
 * imports.
 */
final class ExportGrants {
  private static final String LIBRARY = "raya:";

  private ExportGrants() {}

  /** The bits of a function's needs; none outside of the library. */
  static int of(IrPackage program, int function) {
    if (!program.meta().packageName().startsWith(LIBRARY)) {
      return 0;
    }
    int grants = 0;
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>(List.of(function));
    while (!open.isEmpty()) {
      int next = open.pop();
      if (seen.get(next)) {
        continue;
      }
      seen.set(next);
      if (program.functions().get(next) instanceof IrFunction.Local local) {
        for (Block block : local.blocks()) {
          for (Instruction instruction : block.instructions()) {
            switch (instruction) {
              case Instruction.CallBuiltin call -> grants |= Builtins.named(call.name()).grants();
              case Instruction.Call call -> open.push(call.function());
              case Instruction.MakeClosure closure -> open.push(closure.function());
              default -> {
                // No other instruction calls a function that is known here.
              }
            }
          }
        }
      }
    }
    return grants;
  }
}
