package dev.raya.signing.sigstore;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.key.Identity;
import dev.raya.signing.sigstore.SigstoreBundle.Content;
import dev.raya.signing.statement.PublishStatement;
import java.util.Arrays;

/**
 * An attestation that a workflow's run signed without a key of its own: Fulcio certifies a key for
 * ten minutes to whoever shows the run's ID token, Rekor holds the signature, and a timestamp or
 * Rekor says when (security.md, keyless). It verifies without a network, under the trusted root
 * that the registry's TUF metadata names, and shows the run without the registry's word.
 */
public final class KeylessBundle {
  private KeylessBundle() {}

  /** Whether a bundle, well-formed or not, brings a certificate in the place of a key's hint. */
  public static boolean isCertified(byte[] bundle) {
    if (bundle.length > PublishBundle.MAX_BYTES) {
      return false;
    }
    try {
      return JsonFields.root(JsonReader.read(bundle))
          .fields("verificationMaterial")
          .has("certificate");
    } catch (JsonException malformed) {
      return false;
    }
  }

  /**
   * Verifies a publish statement.
   *
   * @throws SigningException with {@link SigningException.Code#STATEMENT_REFUSED}, {@link
   *     SigningException.Code#NOT_IN_LOG} or {@link SigningException.Code#IDENTITY_NOT_ALLOWED} if
   *     bundle, certificate or run do not fit, or it is no publish statement in its canonical bytes
   */
  static PublishStatement statement(byte[] bundle, Identity.Oidc run, SigstoreTrust trust)
      throws SigningException {
    SigstoreBundle read = read(bundle);
    byte[] payload = payload(read);
    try {
      PublishStatement statement = PublishStatement.read(payload);
      if (!Arrays.equals(payload, statement.bytes())) {
        throw Refusal.bundle("the statement is not in its canonical form");
      }
      verify(read, run, statement.archive(), trust);
      return statement;
    } catch (JsonException malformed) {
      throw Refusal.bundle("malformed statement", malformed);
    }
  }

  /**
   * Verifies a bundle about an archive.
   *
   * @return the payload of its envelope
   */
  static byte[] payload(byte[] bundle, Identity.Oidc run, Digest archive, SigstoreTrust trust)
      throws SigningException {
    SigstoreBundle read = read(bundle);
    verify(read, run, archive, trust);
    return payload(read);
  }

  private static SigstoreBundle read(byte[] bundle) throws SigningException {
    if (bundle.length > PublishBundle.MAX_BYTES) {
      throw Refusal.bundle(
          "expected at most " + PublishBundle.MAX_BYTES + " bytes, found " + bundle.length);
    }
    return SigstoreBundle.read(bundle);
  }

  private static void verify(
      SigstoreBundle bundle, Identity.Oidc run, Digest archive, SigstoreTrust trust)
      throws SigningException {
    new SigstoreVerifier(trust.root())
        .verify(bundle, SignedArtifact.ofDigest(archive), new ExpectedSigner.Workflow(run));
  }

  private static byte[] payload(SigstoreBundle bundle) throws SigningException {
    if (!(bundle.content() instanceof Content.Envelope(var envelope))) {
      throw Refusal.bundle("expected an envelope with a statement, found a bare signature");
    }
    return envelope.payload().bytes();
  }
}
