package dev.raya.signing.key;

import dev.raya.cache.digest.Digest;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * An Ed25519 public key (RFC 8032), identified by the SHA-256 of its SubjectPublicKeyInfo (RFC
 * 8410). Immutable; equal where the key is equal.
 */
public final class VerificationKey {
  /** Length of an Ed25519 SubjectPublicKeyInfo in bytes. */
  private static final int SPKI_LENGTH = 44;

  private static final byte[] SPKI_PREFIX = {
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00
  };

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_LENGTH = 64;

  private final byte[] spki;
  private final PublicKey key;
  private final Digest keyId;

  private VerificationKey(byte[] spki, PublicKey key) {
    this.spki = spki;
    this.key = key;
    this.keyId = Digest.of(spki);
  }

  /**
   * Reads a SubjectPublicKeyInfo in DER.
   *
   * @throws IllegalArgumentException if it is no Ed25519 key in its one canonical encoding
   */
  public static VerificationKey ofSubjectPublicKeyInfo(byte[] der) {
    if (der.length != SPKI_LENGTH
        || !Arrays.equals(der, 0, SPKI_PREFIX.length, SPKI_PREFIX, 0, SPKI_PREFIX.length)) {
      throw new IllegalArgumentException(
          "expected the SubjectPublicKeyInfo of an Ed25519 key (44 bytes), found "
              + der.length
              + " bytes of another kind");
    }
    try {
      PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
      return new VerificationKey(der.clone(), key);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a point of the curve: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a raw key of 32 bytes, as TUF and checkpoints carry it.
   *
   * @throws IllegalArgumentException if it is no Ed25519 key
   */
  public static VerificationKey ofRaw(byte[] raw) {
    byte[] der = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + raw.length);
    System.arraycopy(raw, 0, der, SPKI_PREFIX.length, raw.length);
    return ofSubjectPublicKeyInfo(der);
  }

  /**
   * Reads a SubjectPublicKeyInfo in Base64 (RFC 4648, with padding).
   *
   * @throws IllegalArgumentException if it is malformed
   */
  public static VerificationKey ofBase64(String text) {
    byte[] der = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(der).equals(text)) {
      throw new IllegalArgumentException("the key is not in its one Base64 form");
    }
    return ofSubjectPublicKeyInfo(der);
  }

  /** SHA-256 of the SubjectPublicKeyInfo. */
  public Digest keyId() {
    return keyId;
  }

  /** The SubjectPublicKeyInfo in DER. */
  public byte[] subjectPublicKeyInfo() {
    return spki.clone();
  }

  /** The 32 raw bytes. */
  public byte[] raw() {
    return Arrays.copyOfRange(spki, SPKI_PREFIX.length, SPKI_LENGTH);
  }

  /** The SubjectPublicKeyInfo in Base64. */
  public String base64() {
    return Base64.getEncoder().encodeToString(spki);
  }

  /** Whether {@code signature} is this key's signature of {@code message}. */
  public boolean verifies(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_LENGTH) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // The provider reports a malformed signature this way; it is a plain no.
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof VerificationKey that && keyId.equals(that.keyId);
  }

  @Override
  public int hashCode() {
    return keyId.hashCode();
  }

  @Override
  public String toString() {
    return "ed25519:" + keyId.hex();
  }
}
