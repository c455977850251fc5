package dev.raya.signing.key;

import dev.raya.cache.digest.Digest;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * An Ed25519 public key (RFC 8032), identified by the SHA-256 of its SubjectPublicKeyInfo (RFC
 * 8410). Immutable; equal where the key is equal.
 *
 * <p>Bouncy Castle's arithmetic rather than the platform's: in a process that has just begun it
 * takes a sixth of the time, and an install verifies hundreds of signatures.
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
  private final Ed25519.PublicPoint point;
  private final Digest keyId;

  private VerificationKey(byte[] spki, Ed25519.PublicPoint point) {
    this.spki = spki;
    this.point = point;
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
    Ed25519.PublicPoint point = Ed25519.validatePublicKeyPartialExport(der, SPKI_PREFIX.length);
    if (point == null) {
      throw new IllegalArgumentException("not a point of the curve");
    }
    return new VerificationKey(der.clone(), point);
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
    return signature.length == SIGNATURE_LENGTH
        && Ed25519.verify(signature, 0, point, message, 0, message.length);
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
