package dev.raya.compiler.source;

/** A file is no longer what it was when this run looked at it first. */
public final class StaleSourceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Of a file by its name. */
  public StaleSourceException(String name) {
    super(name + " has changed while it was being compiled");
  }
}
