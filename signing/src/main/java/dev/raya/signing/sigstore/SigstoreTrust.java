package dev.raya.signing.sigstore;

import dev.raya.signing.SigningException;

/**
 * Whom certificates are believed from: asked for when a bundle with one turns up, since most
 * registries never see one.
 */
@FunctionalInterface
public interface SigstoreTrust {
  /** Believes nobody: where versions are signed with keys alone. */
  SigstoreTrust NONE =
      () -> {
        throw Refusal.signer("a certificate signed it, and no Sigstore service is trusted here");
      };

  /**
   * The trusted root in force.
   *
   * @throws SigningException if there is none, or it cannot be read
   */
  TrustedRoot root() throws SigningException;
}
