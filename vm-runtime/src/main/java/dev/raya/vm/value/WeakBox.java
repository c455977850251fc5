package dev.raya.vm.value;

import org.jspecify.annotations.Nullable;

/**
 * What a WeakRef holds (stdlib.md 3): its target until the accounting mark that finds it dead,
 * never between marks (vm.md 9.8).
 */
public final class WeakBox {
  private @Nullable Object target;

  /** Makes a box with a target. */
  public WeakBox(@Nullable Object target) {
    this.target = target;
  }

  /** Returns the target, or null once it is dead. */
  public @Nullable Object target() {
    return target;
  }

  /** Forgets the target. */
  public void clear() {
    target = null;
  }
}
