package dev.raya.registry.publish;

import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds how many publishes go on at once, of one account and in all: each holds a thread, and as
 * much of a disk as its archive has bytes, until its last byte has come. Thread-safe.
 */
@ApplicationScoped
class UploadSlots {
  /** More than a workspace publishes side by side. */
  static final int OF_ACCOUNT = 16;

  /** In all; one account cannot take them. */
  static final int ALL = 128;

  private final Object lock = new Object();

  /** Guarded by {@link #lock}; accounts that publish now. */
  private final Map<Long, Integer> going = new HashMap<>();

  /** Guarded by {@link #lock}. */
  private int all;

  /** A place that was granted; closing gives it back. */
  interface Slot extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes a place.
   *
   * @throws RegistryException with {@link Problem#TOO_MANY_REQUESTS} if the account has taken its
   *     own, {@link Problem#BUSY} if there are none left
   */
  Slot take(long account) throws RegistryException {
    synchronized (lock) {
      int own = going.getOrDefault(account, 0);
      if (own >= OF_ACCOUNT) {
        throw new RegistryException(
            Problem.TOO_MANY_REQUESTS,
            "this account is publishing " + own + " versions at once already",
            "wait for one of them to end");
      }
      if (all >= ALL) {
        throw new RegistryException(
            Problem.BUSY, "too many versions are being published at once", "publish again soon");
      }
      going.put(account, own + 1);
      all++;
      return () -> giveBack(account);
    }
  }

  private void giveBack(long account) {
    synchronized (lock) {
      going.computeIfPresent(account, (same, count) -> count == 1 ? null : count - 1);
      all--;
    }
  }
}
