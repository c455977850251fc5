package dev.raya.vm.task;

import org.jspecify.annotations.Nullable;

/** Finds cycles of tasks that wait for each other through awaits and mutexes (vm.md 7.5). */
public final class WaitGraph {
  private static final int MAX_WALK = 10_000;

  private WaitGraph() {}

  /** Says whether {@code task}, waiting for {@code on}, would wait for itself. */
  public static boolean closesCycle(RTask task, Object on) {
    Object at = on;
    for (int i = 0; i < MAX_WALK; i++) {
      RTask next = at instanceof RTask t ? t : at instanceof RMutex m ? m.owner : null;
      if (next == null) {
        return false;
      }
      if (next == task) {
        return true;
      }
      @Nullable Object further = next.state == RTask.State.BLOCKED ? next.waitingFor : null;
      if (further == null) {
        return false;
      }
      at = further;
    }
    return false;
  }
}
