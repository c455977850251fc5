package dev.raya.vm.value;

import org.jspecify.annotations.Nullable;

/**
 * A concatenation not yet carried out (vm.md 2). A string value is a {@link String} or a rope;
 * whoever needs the text calls {@link Text#flat}. So {@code s += x} in a loop is linear in the
 * result.
 *
 * <p>Flattening writes {@code flat} before it drops the halves; a racing reader sees either form of
 * the same text.
 */
public sealed class Rope permits TraceText {
  private final int length;
  private @Nullable Object left;
  private @Nullable Object right;
  private volatile @Nullable String flat;

  Rope(@Nullable Object left, @Nullable Object right, int length) {
    this.left = left;
    this.right = right;
    this.length = length;
  }

  /** Returns the length in UTF-16 code units. */
  public int length() {
    return length;
  }

  /**
   * Returns the text; the first call copies the parts together, later ones return the same string.
   */
  public String flatten() {
    String text = flat;
    if (text != null) {
      return text;
    }
    char[] buffer = new char[length];
    // Filled from the right, since repeated appending makes left-deep ropes; the stack holds
    // pending left parts.
    Object[] pending = new Object[16];
    int top = 0;
    int end = length;
    pending[top++] = this;
    while (top > 0) {
      Object part = pending[--top];
      if (part instanceof Rope rope) {
        String done = rope.flat;
        Object l = rope.left;
        Object r = rope.right;
        if (done == null && l != null && r != null) {
          if (top + 2 > pending.length) {
            pending = java.util.Arrays.copyOf(pending, pending.length * 2);
          }
          pending[top++] = l;
          pending[top++] = r;
          continue;
        }
        part = done != null ? done : rope.flatten();
      }
      String s = (String) part;
      end -= s.length();
      s.getChars(0, s.length(), buffer, end);
    }
    text = new String(buffer);
    flat = text;
    left = null;
    right = null;
    return text;
  }

  @Override
  public String toString() {
    return flatten();
  }
}
