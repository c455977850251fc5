package dev.raya.compiler.ir;

import dev.raya.vm.bytecode.Opcode;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Checks that a package is consistent: every number is in range, blocks are numbered by their
 * index, every path reaches a block with the same stack depth, no path underflows or leaves values
 * behind. Types are left to the bytecode verifier, which every file must pass anyway; a fault found
 * here names block and instruction of the lowering.
 */
public final class IrCheck {
  private final IrPackage program;

  private IrCheck(IrPackage program) {
    this.program = program;
  }

  /**
   * Checks a package.
   *
   * @return true, so that it can stand in an assertion
   * @throws IllegalStateException at the first fault, which is one of the compiler
   */
  public static boolean check(IrPackage program) {
    IrCheck check = new IrCheck(program);
    for (IrFunction function : program.functions()) {
      if (function instanceof IrFunction.Local local) {
        check.function(local);
      }
    }
    for (IrClass type : program.classes()) {
      if (type instanceof IrClass.Local local) {
        for (IrClass.Slot slot : local.vtable()) {
          require(slot.function() < program.functions().size(), local.name() + " has no " + slot);
        }
      }
    }
    return true;
  }

  private void function(IrFunction.Local function) {
    require(!function.blocks().isEmpty(), function.name() + " has no code");
    require(
        function.locals().size() >= function.type().params().size(),
        function.name() + " has fewer locals than parameters");
    int count = function.blocks().size();
    int[] depth = new int[count];
    Arrays.fill(depth, -1);
    Deque<Integer> open = new ArrayDeque<>();
    depth[0] = 0;
    open.add(0);
    for (IrFunction.Region region : function.regions()) {
      require(region.handler() < count, function.name() + ": handler outside");
      depth[region.handler()] = 1;
      open.add(region.handler());
    }
    while (!open.isEmpty()) {
      int at = open.poll();
      Block block = function.blocks().get(at);
      require(block.number() == at, function.name() + ": block " + at + " is misnumbered");
      int after = walk(function, block, depth[at]);
      for (int target : block.end().targets()) {
        if (target < 0 || target >= count) {
          throw new IllegalStateException(place(function, block) + ": jump outside");
        }
        if (depth[target] < 0) {
          depth[target] = after;
          open.add(target);
        } else if (depth[target] != after) {
          throw new IllegalStateException(
              place(function, block) + " reaches block " + target + " with depth " + after);
        }
      }
    }
  }

  private int walk(IrFunction.Local function, Block block, int entry) {
    int depth = entry;
    for (Instruction instruction : block.instructions()) {
      operands(function, block, instruction);
      StackEffect effect = StackEffect.of(instruction, program);
      depth -= effect.pops();
      if (depth < 0) {
        throw new IllegalStateException(place(function, block) + ": underflow at " + instruction);
      }
      depth += effect.pushes();
    }
    StackEffect effect = StackEffect.of(block.end());
    depth -= effect.pops();
    if (depth < 0) {
      throw new IllegalStateException(place(function, block) + ": underflow at " + block.end());
    }
    if (block.end() instanceof Terminator.Leave leave
        && (leave.opcode() == Opcode.RETURN || leave.opcode() == Opcode.RETURN_VOID)) {
      if (depth != 0) {
        throw new IllegalStateException(place(function, block) + ": values left at " + block.end());
      }
    }
    return depth;
  }

  private void operands(IrFunction.Local function, Block block, Instruction instruction) {
    int locals = function.locals().size();
    boolean holds =
        switch (instruction) {
          case Instruction.LoadLocal i -> i.local() < locals;
          case Instruction.StoreLocal i -> i.local() < locals;
          case Instruction.Increment i -> i.local() < locals;
          case Instruction.Capture i ->
              i.opcode() == Opcode.CLOSE_VAR || i.capture() < function.captures().size();
          case Instruction.Global i -> i.global() < program.globals().size();
          case Instruction.Call i -> i.function() < program.functions().size();
          case Instruction.MakeClosure i -> i.function() < program.functions().size();
          default -> true;
        };
    if (!holds) {
      throw new IllegalStateException(place(function, block) + ": " + instruction);
    }
  }

  private static String place(IrFunction.Local function, Block block) {
    return function.name() + ", block " + block.number();
  }

  private static void require(boolean holds, String fault) {
    if (!holds) {
      throw new IllegalStateException(fault);
    }
  }
}
