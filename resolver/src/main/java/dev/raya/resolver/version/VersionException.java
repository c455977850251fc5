package dev.raya.resolver.version;

/** A text that is no version, range or tag (RAYA-PKG-003). */
public final class VersionException extends ResolverException {
  private static final long serialVersionUID = 1L;

  /** Makes the exception; {@code message} says what was expected and found. */
  public VersionException(String message) {
    super(ResolverCode.BAD_VERSION, message);
  }

  /** The text as it may be quoted in a message: cut at 80 characters. */
  static String quote(String text) {
    return '"' + (text.length() <= 80 ? text : text.substring(0, 80) + "…") + '"';
  }
}
