package dev.raya.vm.task;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A mutex (language.md 14.4): an owner and a FIFO of waiters; unlocking hands it to the first. */
public final class RMutex {
  /** The task that holds it, or null. */
  public @Nullable RTask owner;

  /** Tasks that wait for it, first come first. */
  public final Deque<RTask> waiters = new ArrayDeque<>(0);
}
