package dev.raya.vm.value;

import org.jspecify.annotations.Nullable;

/**
 * An instance of a class of {@code raya:core} that the VM implements: Date, RegExp, RegExpMatch,
 * ArrayBuffer, DataView and the like; or of a class that extends Mutex or Channel, which holds the
 * mutex or channel itself. What it holds is Java's; only the built-ins of its class see it, and it
 * never changes after they, or the constructor of a derived class, made the object.
 */
public final class RNative extends RObj {
  /** What the built-ins of the class keep; null until they made it. */
  public @Nullable Object held;

  /** Makes an object still to be filled by a built-in. */
  public RNative(RClass cls) {
    super(cls);
  }

  /** Makes an object. */
  public RNative(RClass cls, Object held) {
    super(cls);
    this.held = held;
  }
}
