package dev.raya.signing;

/** A signature, statement, key or record that is refused. */
public final class SigningException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The kinds of refusal, each with its code of cli.md section 5. */
  public enum Code {
    /** A log's checkpoint, or a proof that something is in the log, does not hold. */
    NOT_IN_LOG("RAYA-SEC-005"),
    /** Too few witnesses cosigned a checkpoint. */
    WITNESS_QUORUM("RAYA-SEC-010"),
    /** A publish statement is missing, malformed, or does not verify. */
    STATEMENT_REFUSED("RAYA-SEC-007"),
    /** The signer is not one of those who may sign. */
    IDENTITY_NOT_ALLOWED("RAYA-SEC-008"),
    /** Provenance of a build is malformed, does not verify, or is not of the run that published. */
    PROVENANCE_REFUSED("RAYA-SEC-009"),
    /** A proof kept beside a cache entry is missing or malformed. */
    PROOF_REFUSED("RAYA-SEC-013"),
    /** There is no key to sign with, or it cannot be read. */
    NO_USABLE_KEY("RAYA-SEC-022");

    private final String code;

    Code(String code) {
      this.code = code;
    }

    /** The stable code, such as {@code RAYA-SEC-007}. */
    public String code() {
      return code;
    }
  }

  private final Code code;

  /** Makes the exception with a message that says what was expected and what was found. */
  public SigningException(Code code, String message) {
    super(message);
    this.code = code;
  }

  /** The same, with its cause. */
  public SigningException(Code code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The stable code, such as {@code RAYA-SEC-007}. */
  public String code() {
    return code.code();
  }

  /** The kind of refusal. */
  public Code kind() {
    return code;
  }
}
