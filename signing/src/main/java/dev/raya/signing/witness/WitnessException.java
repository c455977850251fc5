package dev.raya.signing.witness;

/** A checkpoint that a witness does not cosign. */
public final class WitnessException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why, with the status of C2SP tlog-witness. */
  public enum Reason {
    /** Malformed, or an old size above the checkpoint's. */
    MALFORMED(400),
    /** No known key of the log signed it. */
    NOT_SIGNED(403),
    /** The log is not known. */
    UNKNOWN_LOG(404),
    /** The witness is at another size, or knows another root of that size. */
    CONFLICT(409),
    /** The proof does not show that the tree begins with the known one. */
    NOT_CONSISTENT(422);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    /** The HTTP status. */
    public int status() {
      return status;
    }
  }

  private final Reason reason;
  private final long size;

  /**
   * A refusal.
   *
   * @param size of the tree that the witness cosigned last
   */
  public WitnessException(Reason reason, long size, String message) {
    super(message);
    this.reason = reason;
    this.size = size;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  /** Size of the tree that the witness cosigned last; 0 if none. */
  public long size() {
    return size;
  }
}
