package dev.raya.vm.interp;

import dev.raya.vm.task.Activation;
import dev.raya.vm.task.RTask;
import dev.raya.vm.value.Closure;
import org.jspecify.annotations.Nullable;

/**
 * An activation (vm.md 3.2). A task's stack is the list of frames from its top; frames are pooled
 * per worker by the size of their cells and cleared of references before they go back.
 */
public final class Frame extends Activation {
  /** The code that runs in it. */
  QuickCode body;

  /**
   * The place in the code: of the next instruction, or of the one that is being run and may trap or
   * block.
   */
  int pc;

  /** Arguments passed, the receiver not counted. */
  int argc;

  /** Frames below this one. */
  int depth;

  /** How the result has to be adapted for the caller's site; null if not at all. */
  @Nullable Adaptation resultAdaptation;

  /** The words of locals and operand stack. */
  final long[] w;

  /** The references of locals and operand stack. */
  final @Nullable Object[] r;

  /** The frame that called, null at the bottom of a task. */
  @Nullable Frame caller;

  /** The closure that was called, null if a function was. */
  @Nullable Closure closure;

  /** The next free frame, while this one is in the pool. */
  @Nullable Frame next;

  /** Makes a frame with room for that many cells. */
  Frame(QuickCode body, int cells) {
    this.body = body;
    this.w = new long[cells];
    this.r = new Object[cells];
  }

  /** Returns the topmost frame of a task, null once it has ended. */
  static @Nullable Frame top(RTask task) {
    return (Frame) task.top;
  }
}
