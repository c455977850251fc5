package dev.raya.resolver.name;

import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.ResolverException;

/** A text that is no package name, module path or import specifier (RAYA-PKG-002). */
public final class NameException extends ResolverException {
  private static final long serialVersionUID = 1L;

  /** Makes the exception; {@code message} says what was expected and found. */
  public NameException(String message) {
    super(ResolverCode.BAD_NAME, message);
  }

  /** The text as it may be quoted in a message: cut at 80 characters. */
  static String quote(String text) {
    return '"' + (text.length() <= 80 ? text : text.substring(0, 80) + "…") + '"';
  }
}
