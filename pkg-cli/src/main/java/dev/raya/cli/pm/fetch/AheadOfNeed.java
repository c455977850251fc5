package dev.raya.cli.pm.fetch;

/**
 * Bounds what lies unpacked on the disk before it is known to be needed. Each archive reserves the
 * most that it may become, and gives back what it did not. Thread-safe.
 */
final class AheadOfNeed {
  private long left; // guarded by this object's private lock
  private final Object lock = new Object();

  /**
   * Makes the bound.
   *
   * @param bytes most bytes
   */
  AheadOfNeed(long bytes) {
    this.left = bytes;
  }

  /** Reserves so many bytes, if as many are left. */
  boolean reserve(long bytes) {
    synchronized (lock) {
      if (bytes > left) {
        return false;
      }
      left -= bytes;
      return true;
    }
  }

  /** Gives back what was reserved and not used. */
  void giveBack(long bytes) {
    synchronized (lock) {
      left += bytes;
    }
  }
}
