package dev.raya.vm.bytecode;

import org.jspecify.annotations.Nullable;

/**
 * The traps of the VM, their codes and the class of {@code raya:core} they are caught as ({@code
 * rbin.md} 6.2).
 */
public enum Trap {
  NULL_ACCESS(1, "NullAccess", "TypeError"),
  INDEX_OUT_OF_BOUNDS(2, "IndexOutOfBounds", "RangeError"),
  DIVISION_BY_ZERO(3, "DivisionByZero", "RangeError"),
  TYPE_ERROR(4, "TypeError", "TypeError"),
  /**
   * {@code ReferenceError} for a local, capture, cell, global or static; {@code TypeError} for a
   * field or element.
   */
  UNINITIALIZED(5, "Uninitialized", "ReferenceError"),
  NEGATIVE_LENGTH(6, "NegativeLength", "RangeError"),
  LENGTH_LIMIT(7, "LengthLimit", "RangeError"),
  STACK_OVERFLOW(8, "StackOverflow", "RangeError"),
  HEAP_LIMIT_EXCEEDED(9, "HeapLimitExceeded", null),
  TASK_LIMIT_EXCEEDED(10, "TaskLimitExceeded", null),
  STEP_BUDGET_EXCEEDED(11, "StepBudgetExceeded", null),
  CANCELLED(12, "Cancelled", "CancelledError"),
  DEADLOCK(13, "Deadlock", "DeadlockError"),
  ALREADY_LOCKED(14, "AlreadyLocked", "MutexError"),
  NOT_OWNER(15, "NotOwner", "MutexError"),
  CHANNEL_CLOSED(16, "ChannelClosed", "ChannelClosedError"),
  TIMEOUT(17, "Timeout", "TimeoutError"),
  NATIVE_ERROR(18, "NativeError", "Error"),
  CAPABILITY_DENIED(19, "CapabilityDenied", "CapabilityError"),
  NO_SUCH_PROPERTY(20, "NoSuchProperty", "ReferenceError"),
  READ_ONLY(21, "ReadOnly", "TypeError"),
  ARGUMENT_ERROR(22, "ArgumentError", "TypeError"),
  RECURSION_LIMIT(23, "RecursionLimit", "RangeError"),
  UNREACHABLE(24, "Unreachable", "TypeError"),
  FOREIGN_HANDLE_INVALID(25, "ForeignHandleInvalid", "VmError"),
  TERMINATED(26, "Terminated", null),
  RANGE_ERROR(27, "RangeError", "RangeError"),
  AWAIT_UNDER_LOCK(28, "AwaitUnderLock", "MutexError");

  private static final Trap[] BY_CODE = values();

  private final int code;
  private final String label;
  private final @Nullable String errorClass;

  Trap(int code, String label, @Nullable String errorClass) {
    this.code = code;
    this.label = label;
    this.errorClass = errorClass;
  }

  /** The number in the file. */
  public int code() {
    return code;
  }

  /** The name used in the specification and in messages. */
  public String label() {
    return label;
  }

  /** The class of {@code raya:core} a program catches it as; null if it cannot be caught. */
  public @Nullable String errorClass() {
    return errorClass;
  }

  /** The trap with that code, or null. */
  public static @Nullable Trap of(int code) {
    return code >= 1 && code <= BY_CODE.length ? BY_CODE[code - 1] : null;
  }
}
