package dev.raya.vm.host;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Signals of the system that a program hears (stdlib.md 11). From when it asks for a signal until
 * {@link #close} the signal does not end the process. One that was ignored when the process began,
 * such as {@code HUP} below {@code nohup}, stays ignored and is never heard. Safe for use by
 * several threads.
 *
 * <p>Several programs of one process may hear the same signal and end in any order, while the
 * process knows one handler for it. So each handler passes a signal on to the one it replaced, if
 * that is a program's too; one that is closed in the middle of the others lets all of them pass,
 * down to what the process did at first.
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

  /** Handlers are exchanged one at a time: those of the process belong to nobody. */
  private static final Object EXCHANGE = new Object();

  /** The handler of a program for a signal. */
  private static final class Hearing implements SignalHandler {
    private final List<Subscription> subscriptions = new ArrayList<>();

    /** What it replaced; set once, before anybody else sees it. */
    private SignalHandler before = SignalHandler.SIG_DFL;

    private boolean closed;

    synchronized void add(Subscription subscription) {
      subscriptions.add(subscription);
    }

    synchronized void end() {
      closed = true;
    }

    synchronized boolean isClosed() {
      return closed;
    }

    /** What was there before, without the programs that have ended. */
    SignalHandler below() {
      SignalHandler at = before;
      while (at instanceof Hearing other && other.isClosed()) {
        at = other.before;
      }
      return at;
    }

    @Override
    public void handle(Signal signal) {
      boolean passes = false;
      synchronized (this) {
        passes = closed;
        if (!closed) {
          subscriptions.forEach(s -> s.arrived.release());
        }
      }
      SignalHandler below = below();
      if (below instanceof Hearing) {
        below.handle(signal);
      } else if (passes) {
        synchronized (EXCHANGE) {
          Signal.handle(signal, below);
        }
        Signal.raise(signal);
      }
    }
  }

  /** By the name of the signal; guarded by itself. */
  private final Map<String, Hearing> heard = new HashMap<>();

  /**
   * Hears a signal from now on.
   *
   * @param name {@code INT}, {@code TERM} or {@code HUP}
   * @throws HostFailure if this system has no such signal, or keeps it for itself
   */
  Subscription open(String name) throws HostFailure {
    Subscription subscription = new Subscription();
    synchronized (heard) {
      Hearing hearing = heard.get(name);
      if (hearing == null) {
        hearing = new Hearing();
        try {
          synchronized (EXCHANGE) {
            hearing.before = Signal.handle(new Signal(name), hearing);
          }
        } catch (IllegalArgumentException unknown) {
          throw Failures.io("EINVAL", null, "the signal " + name + " cannot be heard here");
        }
        heard.put(name, hearing);
      }
      hearing.add(subscription);
    }
    return subscription;
  }

  /** Hears nothing any more; signals that only this program heard do what they did before. */
  void close() {
    synchronized (heard) {
      heard.forEach(
          (name, hearing) -> {
            hearing.end();
            synchronized (EXCHANGE) {
              SignalHandler current = Signal.handle(new Signal(name), hearing.below());
              if (current != hearing && !(current instanceof Hearing h && h.isClosed())) {
                Signal.handle(new Signal(name), current);
              }
            }
          });
      heard.clear();
    }
  }
}
