package dev.raya.signing.sigstore;

import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;

/** The refusals of a bundle: its form and signature, its place in the log, its signer. */
final class Refusal {
  private Refusal() {}

  static SigningException bundle(String why) {
    return new SigningException(Code.STATEMENT_REFUSED, "Sigstore bundle refused: " + why);
  }

  static SigningException bundle(String why, Throwable cause) {
    return new SigningException(
        Code.STATEMENT_REFUSED,
        "Sigstore bundle refused: " + why + " (" + cause.getMessage() + ')',
        cause);
  }

  static SigningException log(String why) {
    return new SigningException(Code.NOT_IN_LOG, "Sigstore bundle refused: " + why);
  }

  static SigningException signer(String why) {
    return new SigningException(Code.IDENTITY_NOT_ALLOWED, "Sigstore bundle refused: " + why);
  }
}
