package dev.raya.vm.interp;

import dev.raya.vm.task.Marker;
import dev.raya.vm.task.RTask;

/** What a task's frames refer to, for the accounting mark. */
public final class Roots {
  private Roots() {}

  /** Adds the frames of a task. */
  public static void of(RTask task, Marker marker) {
    for (Frame f = Frame.top(task); f != null; f = f.caller) {
      marker.frame(f.body.frameSize);
      marker.reach(f.closure);
      for (int i = 0; i < f.body.refCells; i++) {
        marker.reach(f.r[i]);
      }
    }
  }
}
