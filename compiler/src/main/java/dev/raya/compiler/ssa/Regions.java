package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Protected regions and what they mean for variables. */
final class Regions {
  private Regions() {}

  /**
   * For each region the block of the stack code from which alone it is entered, or -1 if there are
   * several; and the locals that have to stay in memory because of regions.
   *
   * @param memory gets the locals
   */
  static int[] entries(IrFunction.Local source, BitSet memory) {
    int regions = source.regions().size();
    int[] before = new int[regions];
    Arrays.fill(before, -1);
    if (regions == 0) {
      return before;
    }
    int locals = source.locals().size();
    for (int r = 0; r < regions; r++) {
      BitSet inside = new BitSet();
      for (Block block : source.blocks()) {
        inside.set(block.number(), liesIn(source.regions(), block.region(), r));
      }
      int entry = entry(source.blocks(), inside);
      before[r] = entry;
      BitSet written = new BitSet(locals);
      BitSet readOutside = new BitSet(locals);
      BitSet readInside = new BitSet(locals);
      // Receiver and parameters have been written when the function begins.
      BitSet writtenOutside = new BitSet(locals);
      writtenOutside.set(0, Math.min(locals, source.type().params().size() + 1));
      for (Block block : source.blocks()) {
        boolean in = inside.get(block.number());
        boolean several = entry < 0;
        for (Instruction instruction : block.instructions()) {
          switch (instruction) {
            case Instruction.StoreLocal i -> (in ? written : writtenOutside).set(i.local());
            case Instruction.Increment i -> {
              (in ? written : writtenOutside).set(i.local());
              (in && !several ? readInside : readOutside).set(i.local());
            }
            case Instruction.LoadLocal i ->
                (in && !several ? readInside : readOutside).set(i.local());
            default -> {}
          }
        }
      }
      if (entry < 0) {
        memory.or(readOutside);
      } else {
        // What is read in the region alone may be left from an earlier time through it, which an
        // error ended: the way back leads through the handler.
        readInside.and(writtenOutside);
        readOutside.or(readInside);
        written.and(readOutside);
        memory.or(written);
      }
    }
    return before;
  }

  private static int entry(List<Block> blocks, BitSet inside) {
    int from = -1;
    if (inside.get(0)) {
      return from;
    }
    for (Block block : blocks) {
      if (!inside.get(block.number())) {
        for (int target : block.end().targets()) {
          if (inside.get(target)) {
            if (from >= 0) {
              return -1;
            }
            from = block.number();
          }
        }
      }
    }
    return from;
  }

  private static boolean liesIn(List<IrFunction.Region> regions, int region, int outer) {
    for (int at = region; at >= 0; at = regions.get(at).parent()) {
      if (at == outer) {
        return true;
      }
    }
    return false;
  }

  /** The type of the error that a handler gets. */
  static IrType caught(SsaFunction function, SsaBlock handler) {
    for (SsaFunction.Region region : function.regions) {
      if (region.handler() == handler && region.catchClass() >= 0) {
        return new IrType.ClassType(region.catchClass());
      }
    }
    return IrType.Basic.ERROR;
  }
}
