package dev.raya.signing.key;

import dev.raya.cache.digest.Digest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import org.bouncycastle.pqc.crypto.mldsa.MLDSAParameters;
import org.bouncycastle.pqc.crypto.mldsa.MLDSAPublicKeyParameters;
import org.bouncycastle.pqc.crypto.mldsa.MLDSASigner;

/**
 * An ML-DSA-65 public key (FIPS 204), identified by the SHA-256 of its SubjectPublicKeyInfo (RFC
 * 9881): the post-quantum half of a hybrid publisher key. Immutable; equal where the key is equal.
 */
public final class MlDsaPublicKey {
  /** Length of a raw key in bytes. */
  private static final int RAW_LENGTH = 1952;

  private static final byte[] SPKI_PREFIX =
      HexFormat.of().parseHex("308207b2300b0609608648016503040312038207a100");

  /** Length of a signature in bytes. */
  public static final int SIGNATURE_LENGTH = 3309;

  private final byte[] spki;
  private final MLDSAPublicKeyParameters key;
  private final Digest keyId;

  private MlDsaPublicKey(byte[] spki) {
    this.spki = spki;
    this.key =
        new MLDSAPublicKeyParameters(
            MLDSAParameters.ml_dsa_65, Arrays.copyOfRange(spki, SPKI_PREFIX.length, spki.length));
    this.keyId = Digest.of(spki);
  }

  /** Wraps a raw key of the right length. */
  static MlDsaPublicKey ofRaw(byte[] raw) {
    byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + raw.length);
    System.arraycopy(raw, 0, spki, SPKI_PREFIX.length, raw.length);
    return new MlDsaPublicKey(spki);
  }

  /**
   * Reads a SubjectPublicKeyInfo in Base64 (RFC 4648, with padding).
   *
   * @throws IllegalArgumentException if it is no ML-DSA-65 key in its one canonical encoding
   */
  public static MlDsaPublicKey ofBase64(String text) {
    byte[] der = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(der).equals(text)) {
      throw new IllegalArgumentException("the key is not in its one Base64 form");
    }
    if (der.length != SPKI_PREFIX.length + RAW_LENGTH
        || !Arrays.equals(der, 0, SPKI_PREFIX.length, SPKI_PREFIX, 0, SPKI_PREFIX.length)) {
      throw new IllegalArgumentException(
          "expected the SubjectPublicKeyInfo of an ML-DSA-65 key ("
              + (SPKI_PREFIX.length + RAW_LENGTH)
              + " bytes), found "
              + der.length
              + " bytes of another kind");
    }
    return new MlDsaPublicKey(der);
  }

  /** SHA-256 of the SubjectPublicKeyInfo. */
  public Digest keyId() {
    return keyId;
  }

  /** The SubjectPublicKeyInfo in DER. */
  public byte[] subjectPublicKeyInfo() {
    return spki.clone();
  }

  /** The SubjectPublicKeyInfo in Base64. */
  public String base64() {
    return Base64.getEncoder().encodeToString(spki);
  }

  /** Whether {@code signature} is this key's signature of {@code message}, without a context. */
  public boolean verifies(byte[] message, byte[] signature) {
    if (signature.length != SIGNATURE_LENGTH) {
      return false;
    }
    MLDSASigner verifier = new MLDSASigner();
    verifier.init(false, key);
    verifier.update(message, 0, message.length);
    return verifier.verifySignature(signature);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MlDsaPublicKey that && keyId.equals(that.keyId);
  }

  @Override
  public int hashCode() {
    return keyId.hashCode();
  }

  @Override
  public String toString() {
    return "ml-dsa-65:" + keyId.hex();
  }
}
