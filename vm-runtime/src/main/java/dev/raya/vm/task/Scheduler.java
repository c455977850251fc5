package dev.raya.vm.task;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which task runs (vm.md 7). Methods are called by the worker that runs the context; a
 * blocked task's instruction is run again when the task is made ready (vm.md 5.4).
 */
public interface Scheduler {
  /** Makes a task ready that is CREATED, BLOCKED or RUNNING; no effect on others. */
  void ready(RTask task);

  /**
   * Blocks the running task.
   *
   * @param on what it waits for
   * @param deadline time on {@link #now} at which it becomes ready by itself, Long.MAX_VALUE for
   *     never
   */
  void block(RTask task, Object on, long deadline);

  /** Blocks the running task until work of the host has ended; starts the work. */
  void block(RTask task, HostCall call);

  /** Ends a task: publishes the outcome it has, wakes who awaits it, releases its mutexes. */
  void end(RTask task, boolean failed);

  /**
   * Returns the task to run next, waiting for timers if need be; null if none will ever be ready.
   */
  @Nullable RTask next();

  /** Says whether another task is ready to run. */
  boolean othersReady();

  /** Returns the scheduler's monotonic clock in nanoseconds. */
  long now();

  /** Returns the time that the program controls itself; off unless a test turned it on. */
  VirtualTime virtualTime();

  /** Turns {@link #virtualTime} on or off; tasks in {@link #blockUntilIdle} go on when it ends. */
  void virtualTime(boolean on);

  /**
   * Blocks the running task until no other has anything to do before a time of {@link
   * #virtualTime}, which moves on from deadline to deadline meanwhile.
   *
   * @param deadline on {@link #now}
   */
  void blockUntilIdle(RTask task, long deadline);

  /** Returns the tasks that have failed and that nobody has awaited, in order of id. */
  List<RTask> unawaitedFailures();

  /** Makes a number for a new task. */
  long newId();

  /** Registers a new task. */
  void add(RTask task);
}
