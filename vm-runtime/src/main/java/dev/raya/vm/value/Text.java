package dev.raya.vm.value;

/** Operations on string values, which are {@link String} or {@link Rope}. */
public final class Text {
  /** The greatest length of a string in code units (stdlib.md 19). */
  public static final int MAX_LENGTH = 1 << 28;

  /** Below this length a concatenation is copied at once: a rope would cost more than the copy. */
  private static final int ROPE_FROM = 64;

  private static final String[] UNITS = new String[128];

  static {
    for (char c = 0; c < UNITS.length; c++) {
      UNITS[c] = String.valueOf(c);
    }
  }

  private Text() {}

  /** Returns the text of a string value. */
  public static String flat(Object value) {
    return value instanceof String s ? s : ((Rope) value).flatten();
  }

  /** Says whether a reference is a string value. */
  public static boolean isString(Object value) {
    return value instanceof String || value instanceof Rope;
  }

  /** Returns the length in UTF-16 code units of a string value. */
  public static int length(Object value) {
    return value instanceof String s ? s.length() : ((Rope) value).length();
  }

  /** Returns the concatenation, or null if it would be longer than {@link #MAX_LENGTH}. */
  public static @org.jspecify.annotations.Nullable Object concat(Object a, Object b) {
    int la = length(a);
    int lb = length(b);
    if (la == 0) {
      return b;
    }
    if (lb == 0) {
      return a;
    }
    if (la + lb < ROPE_FROM) {
      return flat(a).concat(flat(b));
    }
    return la + lb > MAX_LENGTH ? null : new Rope(a, b, la + lb);
  }

  /** Returns the one-unit string of a code unit; those of ASCII are shared. */
  public static String unit(char c) {
    return c < UNITS.length ? UNITS[c] : String.valueOf(c);
  }

  /** Compares two string values for equality of their code units. */
  public static boolean equal(Object a, Object b) {
    return a == b || (length(a) == length(b) && flat(a).equals(flat(b)));
  }

  /** Returns the length of the WTF-8 form in bytes (rbin.md 1). */
  public static int wtf8Length(String s) {
    int n = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c < 0x80) {
        n++;
      } else if (c < 0x800) {
        n += 2;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < s.length()
          && Character.isLowSurrogate(s.charAt(i + 1))) {
        n += 4;
        i++;
      } else {
        n += 3;
      }
    }
    return n;
  }
}
