package dev.raya.vm.interp;

import dev.raya.vm.bytecode.Trap;

/**
 * A trap (rbin.md 6.2) raised by an instruction or built-in; the interpreter makes the error object
 * and its trace.
 */
public final class TrapException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Trap trap;
  private final String errorClass;

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
