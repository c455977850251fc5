package dev.raya.vm.value;

/**
 * Physical kinds (rbin.md 3.3) as the small numbers that predecoded code and layouts use: which of
 * the two cells of a slot a value occupies.
 */
public final class Kind {
  /** int and boolean: the word, sign-extended. */
  public static final byte I = 0;

  /** number: the word, as binary64 bits. */
  public static final byte F = 1;

  /** One reference; Java null is null, or unset where the type has no null. */
  public static final byte R = 2;

  /** A reference or {@link Tag}, and a word. */
  public static final byte V = 3;

  /** void and never: no value. */
  public static final byte NONE = 4;

  private Kind() {}
}
