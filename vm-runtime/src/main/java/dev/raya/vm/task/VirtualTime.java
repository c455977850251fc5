package dev.raya.vm.task;

/**
 * The time of a program that controls its clocks itself ({@code withFakeTime}, stdlib.md 6). While
 * it is on, it stands still but for {@link #moveTo}; it begins at 0, so that what a test sees is
 * the same on every run. Owned by the scheduler's worker.
 */
public final class VirtualTime {
  private boolean on;
  private long start;
  private long now;

  /** Says whether clocks show this time. */
  public boolean isOn() {
    return on;
  }

  /** Returns the nanoseconds since it was turned on. */
  public long elapsed() {
    return now - start;
  }

  /**
   * Begins, or ends.
   *
   * @param realNow the monotonic time in nanoseconds; deadlines that are pending keep their
   *     distance
   */
  void turn(boolean beOn, long realNow) {
    on = beOn;
    start = realNow;
    now = realNow;
  }

  /** Returns the time on the scale of deadlines. */
  long now() {
    return now;
  }

  /** Goes forward; a time that has passed changes nothing. */
  void moveTo(long time) {
    now = Math.max(now, time);
  }
}
