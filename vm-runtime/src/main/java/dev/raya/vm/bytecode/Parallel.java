package dev.raya.vm.bytecode;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs numbered pieces of work on several threads. The pieces must be independent of each other, so
 * that what they make together does not depend on the threads; of several that fail, the first by
 * number is told, as on one thread.
 */
public final class Parallel {
  /** Stack of a thread: for the deepest program that the compiler accepts. */
  private static final long STACK_BYTES = 64L << 20;

  private Parallel() {}

  /** One piece after another, on one thread. */
  public interface Job<E extends Exception> {
    /** Does a piece. */
    void run(int piece) throws E;
  }

  /** What failed first by number. */
  static final class Fault {
    private int piece = Integer.MAX_VALUE;
    private @Nullable Throwable thrown;

    synchronized void add(int failed, Throwable t) {
      if (failed < piece) {
        piece = failed;
        thrown = t;
      }
    }

    synchronized @Nullable Throwable thrown() {
      return thrown;
    }
  }

  /**
   * Runs all pieces and waits for them, the calling thread included. Threads that wait are not
   * interrupted: work given to this must end by itself.
   *
   * @param threads most threads at once; at 1 nothing is started
   * @param pieces how many pieces there are, numbered from 0
   * @param jobs makes the job of one thread, with whatever that thread alone uses
   * @throws E what the first piece that failed threw
   */
  public static <E extends Exception> void run(int threads, int pieces, Supplier<Job<E>> jobs)
      throws E {
    int count = Math.min(threads, pieces);
    if (count <= 1) {
      Job<E> job = jobs.get();
      for (int i = 0; i < pieces; i++) {
        job.run(i);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    Fault fault = new Fault();
    Runnable work =
        () -> {
          int piece = -1;
          try {
            Job<E> job = jobs.get();
            for (piece = next.getAndIncrement(); piece < pieces; piece = next.getAndIncrement()) {
              job.run(piece);
            }
          } catch (Exception | Error e) {
            fault.add(piece, e);
            next.set(pieces); // all pieces before this one have been begun
          }
        };
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < count; i++) {
      others.add(start(i, work));
    }
    work.run();
    join(others);
    Throwable thrown = fault.thrown();
    if (thrown != null) {
      throw Parallel.<E>rethrown(thrown);
    }
  }

  /** Starts a thread, numbered from 1. */
  static Thread start(int number, Runnable work) {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("rayac worker " + number)
            .stackSize(STACK_BYTES)
            .unstarted(work);
    thread.start();
    return thread;
  }

  /** What a job may throw: its own kind of exception, or an unchecked one. */
  @SuppressWarnings("unchecked")
  static <E extends Exception> E rethrown(Throwable thrown) {
    switch (thrown) {
      case Error e -> throw e;
      case RuntimeException e -> throw e;
      default -> {
        return (E) thrown;
      }
    }
  }

  /** Waits until threads end. */
  static void join(List<Thread> threads) {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
