package dev.raya.vm.regexp;

/** A pattern or flags that are malformed. */
public final class RegexSyntaxException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int position;

  RegexSyntaxException(String message, int position) {
    super(message, null, false, false);
    this.position = position;
  }

  /** Returns the index in the pattern. */
  public int position() {
    return position;
  }

  /** Returns what is wrong. */
  public String reason() {
    String message = getMessage();
    return message == null ? "" : message;
  }
}
