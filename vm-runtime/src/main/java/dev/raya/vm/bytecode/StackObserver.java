package dev.raya.vm.bytecode;

/**
 * Sees the static operand stack around every instruction of a verified function, in address order.
 * The arrays are the checker's own: read them during the call only.
 */
public interface StackObserver {
  /**
   * The stack before an instruction.
   *
   * @param offset the instruction's offset
   * @param types types, bottom first; bit 31 marks an unfilled literal or closure
   * @param depth how many entries of {@code types} count
   */
  void before(int offset, Opcode opcode, int[] types, int depth);

  /** The stack after the instruction; after a block's end it is what control would have left. */
  void after(int offset, Opcode opcode, int[] types, int depth);
}
