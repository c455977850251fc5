package dev.raya.registry.storage;

/** The data directory or the database server cannot be used; the message says what to do. */
public sealed class StorageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes the exception. */
  public StorageException(String message) {
    super(message);
  }

  /** Another process has it. */
  public static final class InUse extends StorageException {
    private static final long serialVersionUID = 1L;

    /** Makes the exception. */
    public InUse(String message) {
      super(message);
    }
  }

  /** What clients pin is gone, and what is there shows that it was there once. */
  public static final class RootMissing extends StorageException {
    /** The stable code. */
    public static final String CODE = "RAYA-REG-018";

    private static final long serialVersionUID = 1L;

    /** Makes the exception. */
    public RootMissing(String message) {
      super(message);
    }
  }

  /** Keys that signed metadata or the log's policy names are not there. */
  public static final class KeysMissing extends StorageException {
    /** The stable code. */
    public static final String CODE = "RAYA-REG-019";

    private static final long serialVersionUID = 1L;

    /** Makes the exception. */
    public KeysMissing(String message) {
      super(message);
    }
  }

  /** A file of the operator's that is to be signed is not what it should be. */
  public static final class OperatorFile extends StorageException {
    private static final long serialVersionUID = 1L;

    /** Makes the exception. */
    public OperatorFile(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Makes the exception with its cause. */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
