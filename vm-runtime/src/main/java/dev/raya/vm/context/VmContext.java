package dev.raya.vm.context;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.heap.HeapAccount;
import dev.raya.vm.heap.LimitException;
import dev.raya.vm.interp.Polls;
import dev.raya.vm.task.RTask;
import dev.raya.vm.task.Scheduler;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An isolated instance of the VM: limits, counters, state (vm.md 8). The worker that runs it
 * charges steps and bytes here; everybody may read. A context holds no thread.
 */
public final class VmContext implements Polls {
  /** States of a context; transitions go down the list, and between RUNNING and PAUSED. */
  public enum State {
    CREATED,
    LOADED,
    RUNNING,
    PAUSED,
    TERMINATING,
    TERMINATED
  }

  /** Steps handed out at a time (vm.md 5.1). */
  private static final int CHUNK = 50_000;

  /** Nanoseconds after which a task makes way for others (vm.md 7.2). */
  private static final long SLICE = 10_000_000;

  private final VmContextId id;
  private final VmOptions options;
  private final ResourceCounters counters = new ResourceCounters();
  private final AtomicReference<State> state = new AtomicReference<>(State.CREATED);
  private final Scheduler scheduler;
  private final HeapAccount heap;
  private volatile boolean terminate;
  private long sliceStart;
  private long steps;

  VmContext(VmContextId id, VmOptions options, Scheduler scheduler) {
    this.id = id;
    this.options = options;
    this.scheduler = scheduler;
    this.heap = new HeapAccount(options.maxHeapBytes().orElse(Long.MAX_VALUE), counters::heapBytes);
  }

  /** Returns the number. */
  public VmContextId id() {
    return id;
  }

  /** Returns the limits. */
  public ResourceLimits limits() {
    return new ResourceLimits(options.maxHeapBytes(), options.maxTasks(), options.maxStepBudget());
  }

  /** Returns what was used. */
  public ResourceCounters counters() {
    return counters;
  }

  /** Returns the context that made this one. */
  public Optional<VmContextId> parent() {
    return options.parent();
  }

  /** Returns the state. */
  public State state() {
    return state.get();
  }

  /** Returns the options it was made with. */
  public VmOptions options() {
    return options;
  }

  /** Returns the counters and limits as one value. */
  public VmStats stats() {
    return new VmStats(
        counters.heapBytesUsed(),
        options.maxHeapBytes().orElse(-1),
        counters.tasks(),
        options.maxTasks().orElse(-1),
        counters.stepsExecuted(),
        options.maxStepBudget().orElse(-1),
        counters.peakHeapBytes(),
        counters.peakTasks());
  }

  void state(State to) {
    state.set(to);
  }

  /** Asks the context to stop at its next poll. */
  void requestTermination() {
    terminate = true;
  }

  HeapAccount heap() {
    return heap;
  }

  /** Starts a slice for the task that runs next. */
  void startSlice() {
    sliceStart = scheduler.now();
  }

  @Override
  public int chunk() {
    long budget = options.maxStepBudget().orElse(Long.MAX_VALUE);
    return options.budgetScope() == BudgetScope.CUMULATIVE
        ? (int) Math.min(CHUNK, budget - steps)
        : CHUNK;
  }

  /** Books steps without testing anything. */
  void book(int used) {
    steps += used;
    counters.addSteps(used);
  }

  @Override
  public boolean poll(RTask task, int used) {
    book(used);
    if (terminate) {
      throw new LimitException(Trap.TERMINATED, "the context was terminated");
    }
    if (options.budgetScope() == BudgetScope.CUMULATIVE
        && options.maxStepBudget().isPresent()
        && steps >= options.maxStepBudget().getAsLong()) {
      throw new LimitException(
          Trap.STEP_BUDGET_EXCEEDED,
          "the step budget of " + options.maxStepBudget().getAsLong() + " is used up");
    }
    return scheduler.othersReady() && scheduler.now() - sliceStart >= SLICE;
  }

  @Override
  public void allocate(long bytes) {
    heap.allocate(bytes);
  }

  /** Checks that one more task may live. */
  void beforeSpawn() {
    if (options.maxTasks().isPresent() && counters.tasks() >= options.maxTasks().getAsInt()) {
      throw new LimitException(
          Trap.TASK_LIMIT_EXCEEDED,
          "the limit of " + options.maxTasks().getAsInt() + " tasks is reached");
    }
  }
}
