package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A trap (rbin.md 6.2) raised by an instruction or built-in; the interpreter makes the error object
 * and its trace.
 */
public final class TrapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Trap trap;
  private final String errorClass;
  private transient @Nullable List<Extra> extras;

  /** A value for a further field of the error object. */
  record Extra(String field, long word, @Nullable Object ref) {}

  /** A trap of its own class. */
  public TrapException(Trap trap, String message) {
    this(trap, trap.errorClass() == null ? "" : trap.errorClass(), message);
  }

  /**
   * A trap whose class differs: Uninitialized of a field or element, or what stdlib.md says of a
   * built-in.
   */
  public TrapException(Trap trap, String errorClass, String message) {
    super(message, null, false, false);
    this.trap = trap;
    this.errorClass = errorClass;
  }

  /** Gives the error object a number in a field of type int, and returns this. */
  TrapException with(String field, int value) {
    return add(new Extra(field, value, null));
  }

  /** Gives the error object a number in a field, and returns this. */
  TrapException with(String field, double value) {
    return add(new Extra(field, Double.doubleToRawLongBits(value), null));
  }

  /** Gives the error object a text in a field, and returns this. */
  TrapException with(String field, @Nullable String value) {
    return add(new Extra(field, 0, value));
  }

  private TrapException add(Extra extra) {
    List<Extra> known = extras;
    if (known == null) {
      known = new ArrayList<>();
      extras = known;
    }
    known.add(extra);
    return this;
  }

  /** Returns the further fields. */
  List<Extra> extras() {
    List<Extra> known = extras;
    return known == null ? List.of() : known;
  }

  /** A SyntaxError at a position of the text. */
  static TrapException syntax(String message, int position) {
    return new TrapException(Trap.NATIVE_ERROR, "SyntaxError", message).with("position", position);
  }

  /** Returns the trap. */
  public Trap trap() {
    return trap;
  }

  /** Returns the name of the class in {@code raya:core}; empty if it cannot be caught. */
  public String errorClass() {
    return errorClass;
  }

  /** Returns the message of the error. */
  public String text() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
