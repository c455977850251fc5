package dev.raya.vm.host;

import dev.raya.vm.context.HostFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import sun.misc.Signal;

/**
 * Signals of the system that programs hear (stdlib.md 11). Once somebody has asked for a signal, it
 * no longer ends the process. One that was ignored when the process began, such as {@code HUP}
 * below {@code nohup}, stays ignored and is never heard. Safe for use by several threads.
 */
final class SignalCalls {
  /** One who hears a signal; what comes while nobody waits is kept. */
  static final class Subscription {
    private final Semaphore arrived = new Semaphore(0);

    /** Waits for the signal's next arrival. */
    void await() throws InterruptedException {
      arrived.acquire();
    }
  }

  /** By the name of the signal; guarded by itself. */
  private final Map<String, List<Subscription>> subscriptions = new HashMap<>();

  /**
   * Hears a signal from now on.
   *
   * @param name {@code INT}, {@code TERM} or {@code HUP}
   * @throws HostFailure if this system has no such signal, or keeps it for itself
   */
  Subscription open(String name) throws HostFailure {
    Subscription subscription = new Subscription();
    synchronized (subscriptions) {
      List<Subscription> all = subscriptions.get(name);
      if (all == null) {
        all = new ArrayList<>();
        try {
          Signal.handle(new Signal(name), signal -> arrived(signal.getName()));
        } catch (IllegalArgumentException unknown) {
          throw Failures.io("EINVAL", null, "the signal " + name + " cannot be heard here");
        }
        subscriptions.put(name, all);
      }
      all.add(subscription);
    }
    return subscription;
  }

  private void arrived(String name) {
    synchronized (subscriptions) {
      subscriptions.getOrDefault(name, List.of()).forEach(s -> s.arrived.release());
    }
  }
}
