package dev.raya.vm.task;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Work of the host that a task waits for (vm.md 5.4): a virtual thread runs it, the worker is free
 * meanwhile. Outcome and failure are published before the task is made ready.
 */
public final class HostCall {
  /** The work. */
  public final Callable<@Nullable Object> work;

  /** Whether waiting for it alone keeps no program alive. */
  public final boolean background;

  private volatile boolean done;
  private @Nullable Object result;
  private @Nullable Throwable failure;
  private @Nullable Future<?> thread;

  /** Makes a call that has not started. */
  public HostCall(Callable<@Nullable Object> work) {
    this(work, false);
  }

  /**
   * Makes a call that has not started.
   *
   * @param background whether waiting for it alone keeps no program alive
   */
  public HostCall(Callable<@Nullable Object> work, boolean background) {
    this.work = work;
    this.background = background;
  }

  /** Says whether the outcome is there. */
  public boolean isDone() {
    return done;
  }

  /** Returns what the work gave. */
  public @Nullable Object result() {
    return result;
  }

  /** Returns why the work failed, or null. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** Runs the work on the calling thread. */
  void run() {
    try {
      result = work.call();
    } catch (Throwable failed) { // Whatever it is, the task waits for it.
      failure = failed;
    }
    done = true;
  }

  void startedAs(Future<?> future) {
    thread = future;
  }

  /** Interrupts the work; nobody waits for its outcome any more. */
  public void abandon() {
    Future<?> running = thread;
    if (running != null) {
      running.cancel(true);
    }
  }
}
