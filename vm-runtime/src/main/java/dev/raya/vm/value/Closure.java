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

  /** The receiver of a bound method, else null. */
  public final @Nullable Object receiver;

  /** Makes a closure whose captures are still to be filled. */
  public Closure(RFunction function) {
    this(function, null);
  }

  /**
   * A method bound to its receiver: what a property of a structural type is that a method fills.
   */
  public static Closure bound(RFunction method, Object receiver) {
    return new Closure(method, receiver);
  }

  private Closure(RFunction function, @Nullable Object receiver) {
    this.function = function;
    this.receiver = receiver;
    this.w = new long[function.captureCount];
    this.r = new Object[function.captureCount];
  }
}
