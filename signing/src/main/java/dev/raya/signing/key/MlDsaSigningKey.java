package dev.raya.signing.key;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.pqc.crypto.mldsa.MLDSAParameters;
import org.bouncycastle.pqc.crypto.mldsa.MLDSAPrivateKeyParameters;
import org.bouncycastle.pqc.crypto.mldsa.MLDSASigner;

/**
 * An ML-DSA-65 private key (FIPS 204) with its public half. It is kept as the seed of 32 bytes that
 * the rest follows from, which is also the smallest form of RFC 9881. Immutable.
 */
public final class MlDsaSigningKey {
  private static final int SEED_LENGTH = 32;

  /** PrivateKeyInfo of RFC 9881 (the alternative with the seed alone) up to the seed. */
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("3034020100300b060960864801650304031204228020");

  /** Length of a PrivateKeyInfo in bytes. */
  static final int PKCS8_LENGTH = PKCS8_PREFIX.length + SEED_LENGTH;

  private final byte[] seed;
  private final MLDSAPrivateKeyParameters key;
  private final MlDsaPublicKey publicKey;

  private MlDsaSigningKey(byte[] seed) {
    this.seed = seed;
    this.key = new MLDSAPrivateKeyParameters(MLDSAParameters.ml_dsa_65, seed);
    this.publicKey = MlDsaPublicKey.ofRaw(key.getPublicKey());
  }

  /** Makes a new key from the given source of randomness. */
  public static MlDsaSigningKey generate(SecureRandom random) {
    byte[] seed = new byte[SEED_LENGTH];
    random.nextBytes(seed);
    return new MlDsaSigningKey(seed);
  }

  /**
   * Reads a PrivateKeyInfo in DER.
   *
   * @throws IllegalArgumentException if it is no ML-DSA-65 key as its seed alone
   */
  public static MlDsaSigningKey ofPkcs8(byte[] der) {
    if (der.length != PKCS8_LENGTH
        || !Arrays.equals(der, 0, PKCS8_PREFIX.length, PKCS8_PREFIX, 0, PKCS8_PREFIX.length)) {
      throw new IllegalArgumentException(
          "expected an ML-DSA-65 PrivateKeyInfo of " + PKCS8_LENGTH + " bytes");
    }
    return new MlDsaSigningKey(Arrays.copyOfRange(der, PKCS8_PREFIX.length, der.length));
  }

  /** The PrivateKeyInfo in DER. */
  public byte[] pkcs8() {
    byte[] der = Arrays.copyOf(PKCS8_PREFIX, PKCS8_LENGTH);
    System.arraycopy(seed, 0, der, PKCS8_PREFIX.length, SEED_LENGTH);
    return der;
  }

  /** The public half. */
  public MlDsaPublicKey publicKey() {
    return publicKey;
  }

  /**
   * The signature of a message, without a context; deterministic (FIPS 204, 3.4), so that the same
   * message always has the same one.
   */
  public byte[] sign(byte[] message) {
    try {
      MLDSASigner signer = new MLDSASigner();
      signer.init(true, key);
      signer.update(message, 0, message.length);
      return signer.generateSignature();
    } catch (CryptoException e) {
      throw new IllegalStateException("signing with a valid key cannot fail", e);
    }
  }

  /** Names the public half only. */
  @Override
  public String toString() {
    return publicKey.toString();
  }
}
