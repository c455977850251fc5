package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Opcode;

/**
 * An instruction that passed the loader although this VM cannot run it: a defect of the loader's
 * check.
 */
final class UnsupportedInstruction extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  UnsupportedInstruction(Opcode opcode, String function) {
    super(opcode + " in " + function);
  }
}
