package dev.raya.compiler.types;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that the checker computes when it is first asked for, so that declarations may mention
 * each other in any order. Asking again while it is being computed gives nothing: a cycle.
 */
final class Lazy<T> {
  private @Nullable Supplier<T> source;
  private @Nullable T value;
  private boolean running;

  void set(T known) {
    value = known;
    source = null;
  }

  void setSource(Supplier<T> supplier) {
    source = supplier;
    value = null;
  }

  boolean isRunning() {
    return running;
  }

  boolean isSet() {
    return value != null || source != null;
  }

  /** The value, or null inside its own computation or if there is none. */
  @Nullable T get() {
    Supplier<T> pending = source;
    if (value == null && pending != null && !running) {
      running = true;
      try {
        T computed = pending.get();
        if (value == null) {
          value = computed;
        }
      } finally {
        running = false;
      }
      source = null;
    }
    return value;
  }
}
