package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.Terminator;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Leads jumps to blocks that only jump on to where these go, and drops blocks nobody reaches. */
final class JumpCleaning {
  private JumpCleaning() {}

  /** The blocks, cleaned; their numbers stay, those that are not reached are only not jumped to. */
  static List<Block> clean(List<Block> blocks) {
    int[] goal = new int[blocks.size()];
    for (int i = 0; i < goal.length; i++) {
      goal[i] = goal(blocks, i);
    }
    List<Block> cleaned = new ArrayList<>();
    for (Block block : blocks) {
      cleaned.add(
          new Block(block.number(), block.region(), block.instructions(), led(block.end(), goal)));
    }
    return cleaned;
  }

  private static int goal(List<Block> blocks, int from) {
    int at = from;
    for (int hops = 0; hops < blocks.size(); hops++) {
      Block block = blocks.get(at);
      if (!(block.end() instanceof Terminator.Jump jump)
          || !block.instructions().stream().allMatch(Instruction.Statement.class::isInstance)) {
        return at;
      }
      at = jump.target();
    }
    return from;
  }

  private static Terminator led(Terminator end, int[] goal) {
    return switch (end) {
      case Terminator.Jump e -> new Terminator.Jump(goal[e.target()]);
      case Terminator.Branch e ->
          new Terminator.Branch(e.test(), goal[e.taken()], goal[e.otherwise()]);
      case Terminator.ArgumentBranch e ->
          new Terminator.ArgumentBranch(e.parameter(), goal[e.given()], goal[e.missing()]);
      case Terminator.IntSwitch e ->
          new Terminator.IntSwitch(led(e.cases(), goal), goal[e.otherwise()]);
      case Terminator.StringSwitch e ->
          new Terminator.StringSwitch(led(e.cases(), goal), goal[e.otherwise()]);
      case Terminator.Leave _, Terminator.Raise _ -> end;
    };
  }

  private static <K> SortedMap<K, Integer> led(SortedMap<K, Integer> cases, int[] goal) {
    SortedMap<K, Integer> all = new TreeMap<>(cases);
    all.replaceAll((_, target) -> goal[target]);
    return all;
  }
}
