package dev.raya.vm.value;

import org.jspecify.annotations.Nullable;

/**
 * An instance of an error class. Besides its fields it keeps the trace taken when it was made
 * (vm.md 6).
 */
public final class RError extends RObj {
  /** Where it was made, innermost first; empty for an error made outside a task. */
  public StackTrace trace = StackTrace.EMPTY;

  /** The code of the trap that made it (rbin.md 6.2), 0 if a program did. */
  public int trap;

  /** The trace text if it was replaced, as for an error copied from another context. */
  public @Nullable String stackText;

  /** Makes an error with zero fields and no trace. */
  public RError(RClass cls) {
    super(cls);
  }
}
