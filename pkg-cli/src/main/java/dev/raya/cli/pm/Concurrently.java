package dev.raya.cli.pm;

import dev.raya.cli.console.CommandException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does the same with each element of a list, on all processors, and gives what came of it in the
 * list's order. Elements are begun in that order and whatever was begun is ended, so that the
 * failure that is told is always that of the first element that has one.
 */
public final class Concurrently {
  /** Shorter lists are not worth another thread. */
  private static final int FEW = 8;

  private Concurrently() {}

  /**
   * What is done with an element; several threads do it at once.
   *
   * @param <T> the element
   * @param <R> what comes of it
   */
  public interface Step<T, R> {
    /** Does it. */
    R take(T element) throws CommandException, IOException, InterruptedException;
  }

  /**
   * Takes each element.
   *
   * @return what came of them, in the order of the elements
   * @throws CommandException that of the first element that failed
   * @throws IOException that of the first element that failed
   * @throws InterruptedException if the thread was interrupted
   */
  public static <T, R> List<R> each(List<T> elements, Step<T, R> step)
      throws CommandException, IOException, InterruptedException {
    return each(elements, step, Runtime.getRuntime().availableProcessors(), Thread::new);
  }

  /** The same on at most so many threads, this one among them and the others made so. */
  static <T, R> List<R> each(List<T> elements, Step<T, R> step, int threads, ThreadFactory factory)
      throws CommandException, IOException, InterruptedException {
    List<FutureTask<R>> tasks = new ArrayList<>();
    for (T element : elements) {
      tasks.add(new FutureTask<>(() -> step.take(element)));
    }
    AtomicInteger next = new AtomicInteger();
    List<Thread> others = new ArrayList<>();
    for (int i = 1; i < threads && elements.size() >= FEW; i++) {
      Thread other = factory.newThread(() -> work(tasks, next));
      other.setName("each-" + i);
      other.setDaemon(true);
      try {
        other.start();
      } catch (OutOfMemoryError noThread) {
        break; // the system gives no more of them; those that there are do it
      }
      others.add(other);
    }
    work(tasks, next);
    try {
      for (Thread other : others) {
        other.join();
      }
    } catch (InterruptedException over) {
      next.set(tasks.size());
      others.forEach(Thread::interrupt);
      throw over;
    }
    List<R> results = new ArrayList<>();
    for (FutureTask<R> task : tasks) {
      results.add(result(task)); // one that nobody began comes after one that failed
    }
    return results;
  }

  private static <R> void work(List<FutureTask<R>> tasks, AtomicInteger next) {
    for (int i = next.getAndIncrement(); i < tasks.size(); i = next.getAndIncrement()) {
      FutureTask<R> task = tasks.get(i);
      task.run();
      if (task.state() == Future.State.FAILED) {
        next.set(tasks.size());
      }
    }
  }

  private static <R> R result(FutureTask<R> task)
      throws CommandException, IOException, InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case CommandException known -> throw known;
        case IOException io -> throw io;
        case InterruptedException interrupted -> throw interrupted;
        case RuntimeException fault -> throw fault;
        case Error fault -> throw fault;
        case null, default -> throw new IllegalStateException(failed);
      }
    }
  }
}
