package dev.raya.vm.context;

import dev.raya.vm.bytecode.RbinException;

/** A failure of the VM towards its host. */
public final class VmException extends Exception {
  private static final long serialVersionUID = 1L;

  private final VmErrorKind kind;
  private final String code;

  /** A failure of that kind; the message says what was expected, what was found, and where. */
  public VmException(VmErrorKind kind, String message) {
    super(message);
    this.kind = kind;
    this.code = kind.code();
  }

  /** A file that is no valid module; the code is that of the file format's error. */
  public VmException(String file, RbinException cause) {
    super(file + ": " + cause.getMessage(), cause);
    this.kind = VmErrorKind.INVALID_BINARY_FORMAT;
    this.code = cause.code();
  }

  /** A failure with another exception behind it. */
  public VmException(VmErrorKind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.code = kind.code();
  }

  /** Returns the kind. */
  public VmErrorKind kind() {
    return kind;
  }

  /** Returns the code for people and scripts: {@code RAYA-VM-…} or {@code RAYA-RBIN-…}. */
  public String code() {
    return code;
  }
}
