package dev.raya.vm.value;

import org.jspecify.annotations.Nullable;

/** A function value: a function and the values it captured. */
public final class Closure {
  /** The code. */
  public final RFunction function;

  /** The words of the captures. */
  public final long[] w;

  /** The references of the captures; Java null may be unset. */
  public final @Nullable Object[] r;

  /** Makes a closure whose captures are still to be filled. */
  public Closure(RFunction function) {
    this.function = function;
    this.w = new long[function.captureCount];
    this.r = new Object[function.captureCount];
  }
}
