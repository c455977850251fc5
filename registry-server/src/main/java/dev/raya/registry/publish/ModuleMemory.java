package dev.raya.registry.publish;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds what all publishes together hold in memory: bytecode has to be whole to be verified, and
 * everything else of an archive only passes through.
 */
final class ModuleMemory {
  private static final int UNIT = 1 << 20;

  /** In units; three of the largest modules: one may be compared with what it replaces. */
  private static final int ALL = 192;

  private static final long PATIENCE_SECONDS = 30;

  private final Semaphore units = new Semaphore(ALL, true);

  /** Memory that was granted; closing gives it back, once. */
  final class Share implements AutoCloseable {
    private int held;

    private Share(int held) {
      this.held = held;
    }

    @Override
    public void close() {
      units.release(held);
      held = 0;
    }
  }

  /** There was no memory for too long. */
  static final class ExhaustedException extends IOException {
    private static final long serialVersionUID = 1L;

    ExhaustedException() {
      super("too many large packages are being published at once");
    }
  }

  /**
   * Takes memory for so many bytes; waits while others hold it.
   *
   * @throws ExhaustedException if that takes too long
   */
  Share take(long bytes) throws IOException {
    int needed = (int) (bytes / UNIT) + 1;
    try {
      if (units.tryAcquire(needed, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return new Share(needed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for memory");
    }
    throw new ExhaustedException();
  }
}
