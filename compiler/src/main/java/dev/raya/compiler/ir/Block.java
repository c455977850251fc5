package dev.raya.compiler.ir;

import java.util.List;

/**
 * A basic block: entered at the top only, left by the terminator only.
 *
 * @param number its own number, its index in the function
 * @param region the innermost protected region it lies in, or -1
 */
public record Block(int number, int region, List<Instruction> instructions, Terminator end) {
  /** Copies the list. */
  public Block {
    instructions = List.copyOf(instructions);
  }
}
