package dev.raya.vm.context;

import dev.raya.vm.host.Host;
import dev.raya.vm.task.SingleWorkerScheduler;

/** The host's clock for the scheduler; before the worker waits, what the program wrote appears. */
record HostClock(Host host) implements SingleWorkerScheduler.Clock {
  @Override
  public long nanoTime() {
    return host.nanoTime();
  }

  @Override
  public void beforeWait() {
    host.flush();
  }

  @Override
  public void waitUntil(long nanoTime) throws InterruptedException {
    host.flush();
    host.waitUntil(nanoTime);
  }
}
