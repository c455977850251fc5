package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import dev.raya.vm.value.Numbers;
import dev.raya.vm.value.RArray;
import org.jspecify.annotations.Nullable;

/**
 * Makes the traps of the main loop, with their messages; each stores the place in the frame first.
 */
final class Traps {
  private Traps() {}

  static TrapException unset(Frame f, int pc) {
    f.pc = pc;
    return new TrapException(Trap.UNINITIALIZED, "variable read before initialisation");
  }

  static TrapException unsetMember(Frame f, int pc) {
    f.pc = pc;
    return unsetMember();
  }

  static TrapException unsetMember() {
    return new TrapException(Trap.UNINITIALIZED, "TypeError", "field read before initialisation");
  }

  static TrapException divisionByZero(Frame f, int pc) {
    f.pc = pc;
    return new TrapException(Trap.DIVISION_BY_ZERO, "division by zero");
  }

  static TrapException nullMember(Frame f, int pc, @Nullable Object name) {
    f.pc = pc;
    return nullAccess(String.valueOf(name));
  }

  static TrapException nullAccess(String name) {
    return new TrapException(
        Trap.NULL_ACCESS,
        name.isEmpty() ? "null cannot be called" : "null has no member '" + name + "'");
  }

  /** A value that code took for one that is there, because it was tested, is null by now. */
  static TrapException changedToNull() {
    return new TrapException(
        Trap.NULL_ACCESS,
        "the value is null here, though a test before found that it is not: it was set to null in"
            + " between");
  }

  static TrapException badIndex(Frame f, int pc, @Nullable RArray array, int index) {
    f.pc = pc;
    return array == null ? nullAccess("[" + index + "]") : outOfRange(index, array.length);
  }

  static TrapException outOfRange(int index, int length) {
    return new TrapException(
        Trap.INDEX_OUT_OF_BOUNDS, "index " + index + " out of range for length " + length);
  }

  /** N2I: the int that a number is. */
  static int whole(Frame f, int pc, double x) {
    int i = (int) x;
    if (i != x) {
      f.pc = pc;
      throw new TrapException(
          Trap.RANGE_ERROR, "index " + Numbers.text(x) + " is not a whole number");
    }
    return i;
  }

  /** F2I: truncates. */
  static int truncated(Frame f, int pc, double x) {
    if (!(x > -2147483649.0 && x < 2147483648.0)) {
      f.pc = pc;
      throw new TrapException(Trap.RANGE_ERROR, Numbers.text(x) + " is out of range for int");
    }
    return (int) x;
  }
}
