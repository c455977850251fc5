package dev.raya.toolchain.bundle;

/** A toolchain that cannot be made, read or used. */
public final class ToolchainException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The kinds of failure, each with its code of cli.md section 5. */
  public enum Code {
    /** A pinned version is not installed and the network may not be used. */
    NOT_INSTALLED("RAYA-TC-001"),
    /** There is no such version, channel or target. */
    NO_SUCH_TOOLCHAIN("RAYA-TC-002"),
    /** The bundle or its description is malformed or damaged. */
    BUNDLE_REFUSED("RAYA-TC-003"),
    /** A channel went back or has expired. */
    CHANNEL_MOVED_BACK("RAYA-TC-004"),
    /** The bundle is for another platform. */
    WRONG_TARGET("RAYA-TC-005");

    private final String code;

    Code(String code) {
      this.code = code;
    }

    /** The stable code, such as {@code RAYA-TC-003}. */
    public String code() {
      return code;
    }
  }

  private final Code code;

  /** Makes the exception with a message that says what was expected, what was found and where. */
  public ToolchainException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** The same, with its cause. */
  public ToolchainException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The stable code, such as {@code RAYA-TC-003}. */
  public String code() {
    return code.code();
  }
}
