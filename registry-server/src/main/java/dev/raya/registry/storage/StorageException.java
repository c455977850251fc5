package dev.raya.registry.storage;

/** The data directory or the database server cannot be used; the message says what to do. */
public final class StorageException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Makes the exception. */
  public StorageException(String message) {
    super(message);
  }

  /** Makes the exception with its cause. */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
