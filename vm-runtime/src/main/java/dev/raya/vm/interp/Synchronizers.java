package dev.raya.vm.interp;

import dev.raya.vm.task.RChannel;
import dev.raya.vm.task.RMutex;
import dev.raya.vm.value.LinkedType;
import dev.raya.vm.value.LinkedType.Form;
import dev.raya.vm.value.RNative;
import org.jspecify.annotations.Nullable;

/**
 * Mutexes and channels as values: the mutex or channel itself, or an object of a class that extends
 * Mutex or Channel (language.md 10.1), which holds one. Operations of the VM work on the one that
 * is held; calls of members reach first what the class overrides ({@link #isDerived}).
 */
final class Synchronizers {
  private Synchronizers() {}

  /** The mutex or channel that an object of a derived class holds; any other value itself. */
  static @Nullable Object itself(@Nullable Object value) {
    return value instanceof RNative object ? object.held : value;
  }

  /**
   * The channel that a value is or holds.
   *
   * @param member what is asked of it, for the text of the error
   */
  static RChannel channel(@Nullable Object value, String member) {
    if (itself(value) instanceof RChannel channel) {
      return channel;
    }
    throw Traps.nullAccess(member);
  }

  /**
   * The mutex that a value is or holds.
   *
   * @param member what is asked of it, for the text of the error
   */
  static RMutex mutex(@Nullable Object value, String member) {
    if (itself(value) instanceof RMutex mutex) {
      return mutex;
    }
    throw Traps.nullAccess(member);
  }

  /** Whether members of a value are methods of a class that extends Mutex or Channel. */
  static boolean isDerived(@Nullable Object value) {
    return value instanceof RNative object && object.cls.parent != null;
  }

  /** The type of the values of a channel type, or of a class that extends Channel. */
  static LinkedType element(LinkedType type) {
    return type.form == Form.CHANNEL ? type.element() : type.shape().root().typeArguments[0];
  }
}
