package dev.raya.vm.value;

/**
 * The {@code stack} of an error as a string value whose text is made only when somebody reads it
 * (vm.md 6).
 */
public final class TraceText extends Rope {
  private final RError error;
  private final String headline;
  private volatile @org.jspecify.annotations.Nullable String text;

  /** Makes the text of an error's trace under a first line. */
  public TraceText(RError error, String headline) {
    super(null, null, 0);
    this.error = error;
    this.headline = headline;
  }

  @Override
  public int length() {
    return flatten().length();
  }

  /**
   * Returns the text; frames appended to the trace later, by an await, show until the first
   * reading.
   */
  @Override
  public String flatten() {
    String known = text;
    if (known == null) {
      StringBuilder out = new StringBuilder(headline);
      error.trace.appendTo(out);
      known = out.toString();
      text = known;
    }
    return known;
  }
}
