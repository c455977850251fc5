package dev.raya.compiler.ssa;

import dev.raya.compiler.ir.Block;
import dev.raya.compiler.ir.Instruction;
import dev.raya.compiler.ir.IrFunction;
import dev.raya.compiler.ir.IrType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    entries(source, before);
    Accesses accesses = new Accesses(source);
    for (Block block : source.blocks()) {
      for (Instruction instruction : block.instructions()) {
        switch (instruction) {
          case Instruction.StoreLocal i -> accesses.add(block.region(), i.local(), true);
          case Instruction.Increment i -> {
            accesses.add(block.region(), i.local(), true);
            accesses.add(block.region(), i.local(), false);
          }
          case Instruction.LoadLocal i -> accesses.add(block.region(), i.local(), false);
          default -> {}
        }
      }
    }
    for (int r = 0; r < regions; r++) {
      if (before[r] < 0) {
        accesses.addRead(memory);
      } else {
        accesses.addSeenByHandler(r, memory);
      }
    }
    return before;
  }

  /** How often the locals of a function are read and written, in all and in each region. */
  private static final class Accesses {
    private static final int READ = 0;
    private static final int WRITTEN = 1;

    private final List<IrFunction.Region> regions;
    private final int[][] all;
    private final List<Map<Integer, int[]>> inside = new ArrayList<>();

    Accesses(IrFunction.Local source) {
      this.regions = source.regions();
      this.all = new int[source.locals().size()][2];
      regions.forEach(_ -> inside.add(new HashMap<>()));
      // Receiver and parameters have been written when the function begins.
      for (int i = 0; i < Math.min(all.length, source.type().params().size() + 1); i++) {
        all[i][WRITTEN]++;
      }
    }

    void add(int region, int local, boolean write) {
      int what = write ? WRITTEN : READ;
      all[local][what]++;
      for (int r = region; r >= 0; r = regions.get(r).parent()) {
        inside.get(r).computeIfAbsent(local, _ -> new int[2])[what]++;
      }
    }

    void addRead(BitSet to) {
      for (int i = 0; i < all.length; i++) {
        if (all[i][READ] > 0) {
          to.set(i);
        }
      }
    }

    /**
     * What a region writes and the code outside of it reads. What is read in the region alone may
     * be left from an earlier time through it, which an error ended: the way back leads through the
     * handler.
     */
    void addSeenByHandler(int region, BitSet to) {
      inside
          .get(region)
          .forEach(
              (local, here) -> {
                boolean readOutside = all[local][READ] > here[READ];
                boolean writtenOutside = all[local][WRITTEN] > here[WRITTEN];
                if (here[WRITTEN] > 0 && (readOutside || (here[READ] > 0 && writtenOutside))) {
                  to.set(local);
                }
              });
    }
  }

  /** The blocks from which alone each region is entered. */
  private static void entries(IrFunction.Local source, int[] before) {
    List<IrFunction.Region> regions = source.regions();
    boolean[] several = new boolean[before.length];
    for (int r = source.blocks().getFirst().region(); r >= 0; r = regions.get(r).parent()) {
      several[r] = true;
    }
    BitSet around = new BitSet();
    for (Block block : source.blocks()) {
      around.clear();
      for (int r = block.region(); r >= 0; r = regions.get(r).parent()) {
        around.set(r);
      }
      for (int target : block.end().targets()) {
        int r = source.blocks().get(target).region();
        for (; r >= 0 && !around.get(r); r = regions.get(r).parent()) {
          several[r] |= before[r] >= 0;
          before[r] = block.number();
        }
      }
    }
    for (int r = 0; r < before.length; r++) {
      if (several[r]) {
        before[r] = -1;
      }
    }
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
