package dev.raya.vm.interp;

import dev.raya.vm.value.RClass;
import dev.raya.vm.value.RFunction;
import org.jspecify.annotations.Nullable;

/**
 * A predecoded function (vm.md 3.1): {@link Quick} instructions, their constants, and the way back
 * from their places to offsets of the original bytecode. Immutable but for the caches that {@code
 * refs} holds.
 */
final class QuickCode implements RFunction.Body {
  /**
   * A protected range of code places, the place of its handler, the steps of that block, the class
   * it catches.
   */
  record Handler(int start, int end, int target, int cost, @Nullable RClass catches) {}

  final RFunction function;
  final int[] code;
  final long[] words;
  final @Nullable Object[] refs;

  /** Cells of a frame: locals and operand stack. */
  final int frameSize;

  final int localCount;

  /** Cells from 0 that can hold a reference, to be cleared when a frame goes back to the pool. */
  final int refCells;

  /** Zero references of the locals, null if all are Java null. */
  final @Nullable Object @Nullable [] zeroRefs;

  /** Zero words of the locals, null if all are 0. */
  final long @Nullable [] zeroWords;

  /** Steps of the first block. */
  final int entryCost;

  final Handler[] handlers;

  private final int[] places;
  private final int[] offsets;

  QuickCode(
      RFunction function,
      int[] code,
      long[] words,
      @Nullable Object[] refs,
      int frameSize,
      int refCells,
      @Nullable Object @Nullable [] zeroRefs,
      long @Nullable [] zeroWords,
      int entryCost,
      Handler[] handlers,
      int[] places,
      int[] offsets) {
    this.function = function;
    this.code = code;
    this.words = words;
    this.refs = refs;
    this.frameSize = frameSize;
    this.localCount = function.localTypes.length;
    this.refCells = refCells;
    this.zeroRefs = zeroRefs;
    this.zeroWords = zeroWords;
    this.entryCost = entryCost;
    this.handlers = handlers;
    this.places = places;
    this.offsets = offsets;
  }

  /**
   * Returns the offset in bytes of the original instruction that the quick instruction at a place
   * came from.
   */
  int offsetOf(int place) {
    int low = 0;
    int high = places.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (places[middle] <= place) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return offsets[low];
  }
}
