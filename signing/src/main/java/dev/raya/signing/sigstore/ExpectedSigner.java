package dev.raya.signing.sigstore;

import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;

/** Whose signature a bundle must carry. */
public sealed interface ExpectedSigner {
  /**
   * A key that is managed by its owner.
   *
   * @param pem its SubjectPublicKeyInfo in PEM
   */
  record ManagedKey(String pem) implements ExpectedSigner {
    /**
     * The key.
     *
     * @throws SigningException with {@link SigningException.Code#STATEMENT_REFUSED} if the text is
     *     no PEM of a public key
     */
    PublicKeyInfo key() throws SigningException {
      return PublicKeyInfo.ofPem(pem);
    }
  }

  /**
   * The owner of a short-lived certificate.
   *
   * @param identity a subject alternative name of the certificate, whole
   * @param issuer the OIDC issuer that vouched for it, whole
   */
  record CertificateIdentity(String identity, String issuer) implements ExpectedSigner {}

  /**
   * The run of a workflow, as Fulcio certifies it: repository, owner, reference, commit and
   * workflow, by names and numbers.
   *
   * @param run the run; its key is of no account
   */
  record Workflow(Identity.Oidc run) implements ExpectedSigner {}
}
