package dev.raya.vm.heap;

import dev.raya.vm.bytecode.Trap;

/**
 * A limit of the context was met (vm.md 9.3): cannot be caught by the program, ends or pauses the
 * context.
 */
public final class LimitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Trap trap;

  /** Makes the exception of a trap without a class. */
  public LimitException(Trap trap, String message) {
    super(message, null, false, false);
    this.trap = trap;
  }

  /** Returns HeapLimitExceeded, TaskLimitExceeded, StepBudgetExceeded or Terminated. */
  public Trap trap() {
    return trap;
  }
}
