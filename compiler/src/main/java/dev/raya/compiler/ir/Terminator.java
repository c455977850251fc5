package dev.raya.compiler.ir;

import dev.raya.vm.bytecode.Opcode;
import dev.raya.vm.bytecode.Trap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a block ends; targets are block numbers. */
public sealed interface Terminator {
  /** Goes on elsewhere. */
  record Jump(int target) implements Terminator {}

  /**
   * Tests the value on top.
   *
   * @param test JMP_IF_TRUE, JMP_IF_FALSE, JMP_IF_NULL or JMP_IF_NOT_NULL
   */
  record Branch(Opcode test, int taken, int otherwise) implements Terminator {}

  /** Whether the argument for a parameter (the receiver not counted) was given. */
  record ArgumentBranch(int parameter, int given, int missing) implements Terminator {}

  /** Switches over an int. */
  record IntSwitch(SortedMap<Integer, Integer> cases, int otherwise) implements Terminator {
    /** Copies the map. */
    public IntSwitch {
      cases = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(cases));
    }
  }

  /** Switches over a string. */
  record StringSwitch(SortedMap<String, Integer> cases, int otherwise) implements Terminator {
    /** Copies the map. */
    public StringSwitch {
      cases = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(cases));
    }
  }

  /** RETURN, RETURN_VOID, THROW or RETHROW. */
  record Leave(Opcode opcode) implements Terminator {}

  /** Raises a trap. */
  record Raise(Trap trap) implements Terminator {}

  /** The blocks that may follow, handlers not counted. */
  default List<Integer> targets() {
    return switch (this) {
      case Jump jump -> List.of(jump.target());
      case Branch branch -> List.of(branch.taken(), branch.otherwise());
      case ArgumentBranch branch -> List.of(branch.given(), branch.missing());
      case IntSwitch choice -> with(choice.cases().values(), choice.otherwise());
      case StringSwitch choice -> with(choice.cases().values(), choice.otherwise());
      case Leave _, Raise _ -> List.of();
    };
  }

  private static List<Integer> with(java.util.Collection<Integer> cases, int otherwise) {
    List<Integer> all = new java.util.ArrayList<>(cases);
    all.add(otherwise);
    return List.copyOf(all);
  }
}
