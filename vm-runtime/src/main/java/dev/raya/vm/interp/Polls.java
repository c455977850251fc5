package dev.raya.vm.interp;

import dev.raya.vm.heap.LimitException;
import dev.raya.vm.task.RTask;

/** What the loop asks of its context at polls and allocations (vm.md 5.1, 9). */
public interface Polls {
  /**
   * The countdown has passed zero: books the steps, checks the budget and whether others should
   * run, and refills.
   *
   * @param used steps since the last refill
   * @return true if the task should leave the worker
   * @throws LimitException if the step budget is used up
   */
  boolean poll(RTask task, int used);

  /** Returns the countdown's next start. */
  int chunk();

  /**
   * Counts modelled bytes (vm.md 9.1) before an allocation.
   *
   * @throws LimitException if the heap limit does not allow it
   */
  void allocate(long bytes);
}
