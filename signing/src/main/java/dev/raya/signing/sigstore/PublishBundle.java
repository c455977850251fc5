package dev.raya.signing.sigstore;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import dev.raya.signing.SigningException;
import dev.raya.signing.SigningException.Code;
import dev.raya.signing.dsse.DsseEnvelope;
import dev.raya.signing.key.Identity;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.signing.statement.PublishStatement;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A publish statement in a Sigstore bundle v0.3, signed by a registered Ed25519 key, or by one that
 * was bound to a workflow's run when its token was exchanged: the first attestation of every
 * version. Such a bundle carries no Rekor entry and no time; the registry's log gives both.
 *
 * @param keyHint keyId of the key that signed, a hint that is never trusted
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
   * Verifies the signature under an identity and gives the statement.
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
