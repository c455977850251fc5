package dev.raya.vm.task;

import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.RError;
import dev.raya.vm.value.RFunction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A task (vm.md 7): its frames, its state and its outcome. A task is a heap object; whoever blocks
 * leaves the worker and is found through the waiting list of what it waits for. All fields belong
 * to the worker that runs the context.
 */
public final class RTask {
  /** States of a task; CANCELLED is FAILED with a CancelledError (vm.md 7.1). */
  public enum State {
    CREATED,
    READY,
    RUNNING,
    BLOCKED,
    COMPLETED,
    FAILED
  }

  /** Number of the task, unique in its runtime, counted from 1. */
  public final long id;

  /** The type of the result. */
  public final LinkedType resultType;

  /** The running frame; null before the first step and after the last. */
  public @Nullable Activation top;

  /** The state; only the scheduler changes it. */
  public State state = State.CREATED;

  /** The word of the result once COMPLETED. */
  public long resultWord;

  /** The reference of the result once COMPLETED. */
  public @Nullable Object resultRef;

  /** The error once FAILED. */
  public @Nullable RError error;

  /**
   * When the task ended, as a running number among the tasks of its scheduler; 0 while it lives.
   */
  public long ended;

  /** Whether the error is the cancellation that reached the task. */
  public boolean cancelled;

  /** Whether {@code cancel()} was called and has not yet been raised. */
  public boolean cancelRequested;

  /**
   * Whether anybody awaited it or said not to mind, so that a failure is not reported at the end.
   */
  public boolean awaited;

  /**
   * Whether it only waits for a timer on somebody's behalf: it keeps nothing alive (language.md
   * 14.3).
   */
  public boolean timer;

  /** What the task waits for: a task, mutex, channel or {@link Waiting}; null unless BLOCKED. */
  public @Nullable Object waitingFor;

  /**
   * The time on the scheduler's clock at which a sleep or time limit ends, Long.MAX_VALUE if there
   * is none.
   */
  public long deadline = Long.MAX_VALUE;

  /** Whether the deadline has passed and the instruction has not yet seen it. */
  public boolean timedOut;

  /** Tasks that await this one, in the order they came. */
  public final List<RTask> waiters = new ArrayList<>(0);

  /** Mutexes held, in the order they were taken. */
  public final List<RMutex> owned = new ArrayList<>(0);

  /**
   * What a channel operation of another task left for this one: a received value, or that its value
   * was taken.
   */
  public @Nullable Handover handover;

  /** The cases of a select the task is blocked in. */
  public @Nullable Selection selection;

  /**
   * Functions that the task calls one after the other when the one before has returned (language.md
   * 16.4).
   */
  public final ArrayDeque<Entry> entries = new ArrayDeque<>(0);

  /**
   * A function to call, with at most one argument.
   *
   * @param argument the reference to pass, null if the function takes none
   */
  public record Entry(RFunction function, @Nullable Object argument) {}

  /** Makes a task that has not started. */
  public RTask(long id, LinkedType resultType) {
    this.id = id;
    this.resultType = resultType;
  }

  /** Says whether the task has ended. */
  public boolean isDone() {
    return state == State.COMPLETED || state == State.FAILED;
  }

  /** Reasons of waiting that have no object. */
  public enum Waiting {
    TIMER,
    SEVERAL_TASKS,
    SEVERAL_CHANNELS
  }
}
