package dev.raya.compiler.build;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Runs the recursive passes on a thread whose stack holds the deepest program they accept. */
public final class DeepStack {
  private static final long BYTES = 256L << 20;

  private DeepStack() {}

  /** Runs work on a thread of its own and waits for it; what it throws comes out here. */
  public static <T> T call(Supplier<T> work) {
    if (Thread.currentThread().getName().equals("rayac")) {
      return work.get();
    }
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = Thread.ofPlatform().name("rayac").stackSize(BYTES).unstarted(task);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException again) {
          interrupted = true; // the passes cannot be interrupted; they are bounded
        } catch (ExecutionException e) {
          throw rethrown(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(@org.jspecify.annotations.Nullable Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      case null -> new IllegalStateException("no cause");
      default -> new IllegalStateException(cause);
    };
  }
}
