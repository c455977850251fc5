package dev.raya.cli.console;

/**
 * Sizes on the command line: an integer and {@code kB MB GB KiB MiB GiB}, or plain bytes (cli.md
 * 6).
 */
public final class ByteSize {
  private static final String[] UNITS = {"kB", "MB", "GB", "KiB", "MiB", "GiB", "B"};
  private static final long[] FACTORS = {
    1_000, 1_000_000, 1_000_000_000, 1L << 10, 1L << 20, 1L << 30, 1
  };

  private ByteSize() {}

  /**
   * The bytes that a text names.
   *
   * @param option where it stands, for the message
   * @throws UsageException if it is no size above 0
   */
  public static long parse(String option, String text) throws UsageException {
    String digits = text;
    long factor = 1;
    for (int i = 0; i < UNITS.length && factor == 1; i++) {
      if (text.endsWith(UNITS[i])) {
        digits = text.substring(0, text.length() - UNITS[i].length());
        factor = FACTORS[i];
        break;
      }
    }
    try {
      long value = Math.multiplyExact(Long.parseLong(digits), factor);
      if (value > 0) {
        return value;
      }
    } catch (NumberFormatException | ArithmeticException malformed) {
      // Answered below: one message for all that is no size.
    }
    throw new UsageException(
        option + ": expected a size such as 64MiB, found " + text, "units: kB MB GB KiB MiB GiB");
  }
}
