package dev.raya.signing.oidc;

/** An ID token, or an issuer's document of keys, that is refused; the message says why. */
public final class IdTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  IdTokenException(String message) {
    super(message);
  }

  IdTokenException(String message, Throwable cause) {
    super(message, cause);
  }
}
