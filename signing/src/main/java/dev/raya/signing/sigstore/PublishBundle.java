package dev.raya.signing.sigstore;

import dev.raya.cache.digest.Digest;
import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import dev.raya.signing.dsse.DsseEnvelope;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.MlDsaPublicKey;
import dev.raya.signing.key.MlDsaSigningKey;
import dev.raya.signing.key.PublisherKey;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.signing.log.LogRecord;
import dev.raya.signing.statement.PublishStatement;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A publish statement in a Sigstore bundle v0.3, signed by a registered Ed25519 key, or by one that
 * was bound to a workflow's run when its token was exchanged: the first attestation of every
 * version. Such a bundle carries no Rekor entry and no time; the registry's log gives both.
 *
 * <p>A hybrid key makes two bundles, one with each half, over the same payload. The second one
 * follows the first among the attestations; its hint is the ML-DSA-65 key itself, which counts only
 * as the identity names its digest.
 *
 * @param keyHint keyId of the key that signed, or in a second bundle the key in Base64: a hint that
 *     is never trusted
 * @param envelope the signed statement
 */
public record PublishBundle(String keyHint, DsseEnvelope envelope) {
  /** The media type of a v0.3 bundle. */
  public static final String MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";

  /** Largest attestation that is read, in bytes. */
  public static final int MAX_BYTES = 256 << 10;

  /** Signs a statement. */
  public static PublishBundle sign(PublishStatement statement, SigningKey key) {
    return new PublishBundle(
        key.verificationKey().keyId().hex(),
        DsseEnvelope.sign(PublishStatement.PAYLOAD_TYPE, statement.bytes(), key));
  }

  /** Signs a statement with each half of a key: one bundle, or of a hybrid key two. */
  public static List<PublishBundle> sign(PublishStatement statement, PublisherKey key) {
    PublishBundle first = sign(statement, key.ed25519());
    MlDsaSigningKey second = key.mlDsa();
    return second == null
        ? List.of(first)
        : List.of(
            first,
            new PublishBundle(
                second.publicKey().base64(),
                DsseEnvelope.sign(PublishStatement.PAYLOAD_TYPE, statement.bytes(), second)));
  }

  /**
   * Verifies the publish statement among the attestations of a version: the first bundle, and where
   * the identity is a hybrid key the second one too. There are no others: a statement that nobody
   * verifies must not stand beside one that somebody signed.
   *
   * @param identity who published
   * @param named what the version's record names, the publish statement first
   * @param attestations the bundles, in the same order
   * @param trust whom certificates are believed from
   * @throws SigningException as {@link #verify(Identity)}, and with {@link Code#STATEMENT_REFUSED}
   *     if there is none, a hybrid key's second bundle is missing or does not verify, or there is
   *     one more
   */
  public static PublishStatement verify(
      Identity identity,
      List<LogRecord.Attestation> named,
      List<byte[]> attestations,
      SigstoreTrust trust)
      throws SigningException {
    if (attestations.isEmpty() || named.size() != attestations.size()) {
      throw refused(
          "expected " + Math.max(1, named.size()) + " bundles, found " + attestations.size(), null);
    }
    requireNoOther(identity, named);
    if (identity instanceof Identity.Oidc run && run.key() == null) {
      return KeylessBundle.statement(attestations.getFirst(), run, trust);
    }
    PublishBundle first = read(attestations.getFirst());
    PublishStatement statement = first.verify(identity);
    if (identity instanceof Identity.Key key && key.mlDsa() != null) {
      requireSecond(key.mlDsa(), first, named, attestations);
    }
    return statement;
  }

  private static void requireNoOther(Identity identity, List<LogRecord.Attestation> named)
      throws SigningException {
    int most = identity instanceof Identity.Key key && key.mlDsa() != null ? 2 : 1;
    for (int i = most; i < named.size(); i++) {
      if (named.get(i).predicateType().equals(PublishStatement.PREDICATE_TYPE)) {
        throw refused(
            "attestation "
                + (i + 1)
                + " is one more publish statement, and the publisher's identity has keys for "
                + most,
            null);
      }
    }
  }

  private static void requireSecond(
      Digest expected,
      PublishBundle first,
      List<LogRecord.Attestation> named,
      List<byte[]> attestations)
      throws SigningException {
    if (!hasSecond(named)) {
      throw refused(
          "the publisher's key is hybrid, and its second bundle, with the ML-DSA-65 signature, is"
              + " missing",
          null);
    }
    PublishBundle second = read(attestations.get(1));
    MlDsaPublicKey key;
    try {
      key = MlDsaPublicKey.ofBase64(second.keyHint());
    } catch (IllegalArgumentException noKey) {
      throw refused("the hint of the second bundle is no ML-DSA-65 key", noKey);
    }
    if (!key.keyId().equals(expected)) {
      throw refused(
          "expected the ML-DSA-65 key "
              + expected.hex()
              + " in the second bundle, found "
              + key.keyId().hex(),
          null);
    }
    if (!second.envelope().payloadType().equals(first.envelope().payloadType())
        || !second.envelope().payload().equals(first.envelope().payload())) {
      throw refused("the second bundle is over another payload than the first", null);
    }
    if (!second.envelope().signedBy(key)) {
      throw refused(
          "no signature of the second bundle verifies under the ML-DSA-65 key " + expected.hex(),
          null);
    }
  }

  /** Whether a second bundle over the publish statement is named. */
  public static boolean hasSecond(List<LogRecord.Attestation> named) {
    return named.size() > 1 && named.get(1).predicateType().equals(PublishStatement.PREDICATE_TYPE);
  }

  /** The canonical bytes of the bundle. */
  public byte[] bytes() {
    return CanonicalJson.bytes(
        Json.object()
            .put("mediaType", MEDIA_TYPE)
            .put(
                "verificationMaterial",
                Json.object().put("publicKey", Json.object().put("hint", keyHint).build()).build())
            .put("dsseEnvelope", envelope.json())
            .build());
  }

  /**
   * Reads a bundle; says nothing yet about its signature.
   *
   * @throws SigningException with {@link Code#STATEMENT_REFUSED} if it is too large or malformed
   */
  public static PublishBundle read(byte[] document) throws SigningException {
    if (document.length > MAX_BYTES) {
      throw refused("expected at most " + MAX_BYTES + " bytes, found " + document.length, null);
    }
    try {
      JsonFields root = JsonFields.root(JsonReader.read(document));
      String mediaType = root.string("mediaType");
      if (!mediaType.equals(MEDIA_TYPE)) {
        throw root.fault("mediaType", "expected " + MEDIA_TYPE + ", found \"" + mediaType + '"');
      }
      root.only(Set.of("mediaType", "verificationMaterial", "dsseEnvelope"));
      JsonFields material = root.fields("verificationMaterial");
      material.only(Set.of("publicKey"));
      JsonFields publicKey = material.fields("publicKey");
      publicKey.only(Set.of("hint"));
      return new PublishBundle(
          publicKey.string("hint"), DsseEnvelope.read(root.fields("dsseEnvelope")));
    } catch (JsonException e) {
      throw refused(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Verifies the Ed25519 signature under an identity and gives the statement; of a hybrid key that
   * is one half of the check.
   *
   * @throws SigningException with {@link Code#STATEMENT_REFUSED} if the signature is not the
   *     identity's or the payload is no publish statement in its canonical bytes; with {@link
   *     Code#IDENTITY_NOT_ALLOWED} if the identity has no key
   */
  public PublishStatement verify(Identity identity) throws SigningException {
    VerificationKey key =
        switch (identity) {
          case Identity.Key registered -> registered.key();
          case Identity.Oidc run -> run.key();
        };
    if (key == null) {
      throw new SigningException(
          Code.IDENTITY_NOT_ALLOWED,
          "expected a publisher with a key; this one is a workflow without one");
    }
    if (!envelope.payloadType().equals(PublishStatement.PAYLOAD_TYPE)) {
      throw refused(
          "expected the payload type "
              + PublishStatement.PAYLOAD_TYPE
              + ", found \""
              + envelope.payloadType()
              + '"',
          null);
    }
    if (!envelope.signedBy(key)) {
      throw refused(
          "no signature verifies under the key "
              + key.keyId().hex()
              + (identity instanceof Identity.Key registered
                  ? " of account " + registered.account()
                  : " of the workflow")
              + " (the bundle names "
              + keyHint
              + ')',
          null);
    }
    try {
      byte[] payload = envelope.payload().bytes();
      PublishStatement statement = PublishStatement.read(payload);
      if (!Arrays.equals(payload, statement.bytes())) {
        throw refused("the statement is not in its canonical form", null);
      }
      return statement;
    } catch (JsonException e) {
      throw refused(String.valueOf(e.getMessage()), e);
    }
  }

  private static SigningException refused(String message, @Nullable Throwable cause) {
    String text = "publish statement refused: " + message;
    return cause == null
        ? new SigningException(Code.STATEMENT_REFUSED, text)
        : new SigningException(Code.STATEMENT_REFUSED, text, cause);
  }
}
