package dev.raya.vm.interp;

/** The program called {@code exit}: ends the context at once, without finally blocks. */
public final class ExitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  ExitException(int code) {
    super(null, null, false, false);
    this.code = code;
  }

  /** Returns the exit code, 0…255. */
  public int code() {
    return code;
  }
}
