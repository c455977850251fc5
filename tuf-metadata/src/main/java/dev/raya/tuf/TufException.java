package dev.raya.tuf;

/** TUF metadata that is refused. */
public final class TufException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The kinds of refusal, each with its code of cli.md section 5. */
  public enum Code {
    /** Another root than the one that is trusted. */
    OTHER_ROOT("RAYA-SEC-002"),
    /** Malformed, rolled back, mixed up, or not signed by enough keys. */
    METADATA_REFUSED("RAYA-SEC-003"),
    /** Past its expiry. */
    EXPIRED("RAYA-SEC-004");

    private final String code;

    Code(String code) {
      this.code = code;
    }

    /** The stable code, such as {@code RAYA-SEC-003}. */
    public String code() {
      return code;
    }
  }

  private final Code code;

  /** Makes the exception with a message that says what was expected and what was found. */
  public TufException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** The same, with its cause. */
  public TufException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The stable code, such as {@code RAYA-SEC-003}. */
  public String code() {
    return code.code();
  }

  /** The kind of refusal. */
  public Code kind() {
    return code;
  }
}
