package dev.raya.resolver.version;

/**
 * A name that points to a version, such as {@code latest} (packages.md section 1).
 *
 * @param text {@code [a-z][a-z0-9-]{0,31}}, and not a range ({@code x})
 */
public record VersionTag(String text) implements Comparable<VersionTag> {
  /** The tag that, unless set, is the highest version neither pre-release nor yanked. */
  public static final VersionTag LATEST = new VersionTag("latest");

  private static final int MAX_LENGTH = 32;

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException if the text is no tag
   */
  public VersionTag {
    if (!isTag(text)) {
      throw new IllegalArgumentException("not a tag: " + VersionException.quote(text));
    }
  }

  /**
   * Reads a tag.
   *
   * @throws VersionException if the text is no tag
   */
  public static VersionTag parse(String text) throws VersionException {
    if (!isTag(text)) {
      throw new VersionException(
          "expected a tag (a lower-case letter, then up to 31 lower-case letters, digits or '-'),"
              + " found "
              + VersionException.quote(text));
    }
    return new VersionTag(text);
  }

  /** Whether the text has the form of a tag and is no range. */
  public static boolean isTag(String text) {
    if (text.isEmpty() || text.length() > MAX_LENGTH || text.equals("x")) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = c >= 'a' && c <= 'z';
      if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-'))) {
        return false;
      }
    }
    return VersionRange.tryParse(text) == null;
  }

  @Override
  public int compareTo(VersionTag other) {
    return text.compareTo(other.text);
  }

  /** {@link #text()}. */
  @Override
  public String toString() {
    return text;
  }
}
