package dev.raya.vm.context;

/**
 * What a context has used (vm.md 8, 9); written by the worker that runs it, read by anybody without
 * pausing it.
 */
public final class ResourceCounters {
  private volatile long steps;
  private volatile long heapBytes;
  private volatile long peakHeapBytes;
  private volatile int tasks;
  private volatile int peakTasks;

  /** Returns the steps booked so far; those of the running chunk are not yet among them. */
  public long stepsExecuted() {
    return steps;
  }

  /** Returns the modelled bytes allocated since the last mark plus those alive at it. */
  public long heapBytesUsed() {
    return heapBytes;
  }

  /** Returns the greatest {@link #heapBytesUsed}. */
  public long peakHeapBytes() {
    return peakHeapBytes;
  }

  /** Returns the live tasks. */
  public int tasks() {
    return tasks;
  }

  /** Returns the greatest number of live tasks. */
  public int peakTasks() {
    return peakTasks;
  }

  /** Books steps. */
  public void addSteps(long count) {
    steps = steps + count;
  }

  /** Sets the modelled bytes in use. */
  public void heapBytes(long bytes) {
    heapBytes = bytes;
    if (bytes > peakHeapBytes) {
      peakHeapBytes = bytes;
    }
  }

  /** Sets the number of live tasks. */
  public void tasks(int count) {
    tasks = count;
    if (count > peakTasks) {
      peakTasks = count;
    }
  }
}
