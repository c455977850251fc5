package dev.raya.vm.context;

/**
 * Kinds of failure of the VM towards its host (vm.md 11). The code of a kind is {@code RAYA-VM-}
 * and its label.
 */
public enum VmErrorKind {
  CONTEXT_NOT_FOUND("ContextNotFound"),
  INVALID_OPTIONS("InvalidOptions"),
  FUNCTION_NOT_FOUND("FunctionNotFound"),
  ARGUMENT_ERROR("ArgumentError"),
  INVALID_BINARY_FORMAT("InvalidBinaryFormat"),
  IO_ERROR("IoError"),
  HEAP_LIMIT_EXCEEDED("HeapLimitExceeded"),
  TASK_LIMIT_EXCEEDED("TaskLimitExceeded"),
  STEP_BUDGET_EXCEEDED("StepBudgetExceeded"),
  CAPABILITY_NOT_FOUND("CapabilityNotFound"),
  CAPABILITY_DENIED("CapabilityDenied"),
  MARSHAL_ERROR("MarshalError"),
  FOREIGN_HANDLE_INVALID("ForeignHandleInvalid"),
  SNAPSHOT_ERROR("SnapshotError"),
  TERMINATED("Terminated"),
  PAUSE_TIMEOUT("PauseTimeout"),
  TERMINATE_TIMEOUT("TerminateTimeout"),
  NATIVE_LOAD_ERROR("NativeLoadError"),
  INTERNAL("Internal");

  private final String label;

  VmErrorKind(String label) {
    this.label = label;
  }

  /** Returns the name in the specification. */
  public String label() {
    return label;
  }

  /** Returns the error code. */
  public String code() {
    return "RAYA-VM-" + label;
  }
}
