package dev.raya.vm.bytecode;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of work that threads take in order while further ones are still added. As with {@link
 * Parallel} the pieces must be independent of each other, and of several that fail the first is
 * told. Filled, finished and closed by one thread.
 */
public final class PieceQueue implements AutoCloseable {
  private final int threads;
  private final Parallel.Fault fault = new Parallel.Fault();
  private final List<Thread> others = new ArrayList<>();

  /** Guards the fields below. */
  private final Object lock = new Object();

  private final List<@Nullable Runnable> pieces = new ArrayList<>();
  private int next;
  private boolean complete;

  /**
   * An empty queue.
   *
   * @param threads most threads at once, the calling one included, which works in {@link #finish}
   */
  public PieceQueue(int threads) {
    this.threads = threads;
  }

  /** Adds a piece, which another thread may begin at once. */
  public void add(Runnable piece) {
    synchronized (lock) {
      pieces.add(piece);
      lock.notify();
    }
    if (others.size() < threads - 1) {
      others.add(Parallel.start(others.size() + 1, this::work));
    }
  }

  /**
   * Does what is left, and waits for what others have begun. What the first piece that failed threw
   * comes out here.
   */
  public void finish() {
    complete();
    work();
    Parallel.join(others);
    Throwable thrown = fault.thrown();
    if (thrown != null) {
      throw Parallel.<RuntimeException>rethrown(thrown);
    }
  }

  /** Waits for what others have begun; what nobody has begun is not done. */
  @Override
  public void close() {
    stop();
    Parallel.join(others);
  }

  private void complete() {
    synchronized (lock) {
      complete = true;
      lock.notifyAll();
    }
  }

  private void stop() {
    synchronized (lock) {
      complete = true;
      next = pieces.size();
      lock.notifyAll();
    }
  }

  private void work() {
    for (int piece = take(); piece >= 0; piece = take()) {
      try {
        taken(piece).run();
      } catch (RuntimeException | Error e) {
        fault.add(piece, e);
        stop(); // all pieces before this one have been begun
      }
    }
  }

  /** The number of the next piece, waited for; -1 if none will come. */
  private int take() {
    synchronized (lock) {
      while (next == pieces.size() && !complete) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          return -1; // nobody interrupts these threads; the others do the work
        }
      }
      return next < pieces.size() ? next++ : -1;
    }
  }

  private Runnable taken(int piece) {
    synchronized (lock) {
      return Objects.requireNonNull(pieces.set(piece, null));
    }
  }
}
