package dev.raya.cache.error;

/**
 * One error or warning that a Raya program can report, as its documentation.
 *
 * @param code the stable code, such as {@code RAYA-PKG-008}
 * @param exit the exit code of a program that ends with it, 0 to 130; 0 for warnings
 * @param title what happened, one line, lower case, without a full stop
 * @param cause why it happens, plain text of one or more lines
 * @param example the shortest input or command that shows it
 * @param remedy what to do about it
 */
public record ErrorCode(
    String code, int exit, String title, String cause, String example, String remedy) {
  /** The longest title, in UTF-16 units. */
  public static final int MAX_TITLE = 80;

  /** The highest exit code: interrupted by the user. */
  public static final int MAX_EXIT = 130;

  /**
   * Checks that every field says something.
   *
   * @throws IllegalArgumentException if a field is blank, the title too long or the exit code out
   *     of range
   */
  public ErrorCode {
    require(!code.isBlank(), "a code", code);
    require(exit >= 0 && exit <= MAX_EXIT, "an exit code from 0 to " + MAX_EXIT, code);
    require(!title.isBlank() && title.length() <= MAX_TITLE, "a title of 1 to 80 characters", code);
    require(!cause.isBlank(), "a cause", code);
    require(!example.isBlank(), "an example", code);
    require(!remedy.isBlank(), "a remedy", code);
  }

  private static void require(boolean holds, String expected, String code) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected + " for error code " + code);
    }
  }
}
