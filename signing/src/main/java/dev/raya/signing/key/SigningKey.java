package dev.raya.signing.key;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;

/** An Ed25519 private key with its public half. Immutable. */
public final class SigningKey {
  private static final int SEED_LENGTH = 32;

  /** PrivateKeyInfo of RFC 8410 up to the 32 bytes of the seed. */
  private static final byte[] PKCS8_PREFIX = {
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20
  };

  private final byte[] seed;
  private final PrivateKey key;
  private final VerificationKey verification;

  private SigningKey(byte[] seed) {
    this.seed = seed;
    this.verification =
        VerificationKey.ofRaw(
            new Ed25519PrivateKeyParameters(seed, 0).generatePublicKey().getEncoded());
    try {
      this.key =
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has Ed25519", e);
    }
  }

  /** Makes a new key from the given source of randomness. */
  public static SigningKey generate(SecureRandom random) {
    byte[] seed = new byte[SEED_LENGTH];
    random.nextBytes(seed);
    return new SigningKey(seed);
  }

  /**
   * Takes the 32 bytes that RFC 8032 calls the private key.
   *
   * @throws IllegalArgumentException if there are more or fewer
   */
  public static SigningKey ofSeed(byte[] seed) {
    if (seed.length != SEED_LENGTH) {
      throw new IllegalArgumentException("expected 32 bytes, found " + seed.length);
    }
    return new SigningKey(seed.clone());
  }

  /**
   * Reads a PrivateKeyInfo (PKCS#8, RFC 8410) in DER.
   *
   * @throws IllegalArgumentException if it is no Ed25519 key in its one canonical encoding
   */
  public static SigningKey ofPkcs8(byte[] der) {
    if (der.length != PKCS8_PREFIX.length + SEED_LENGTH
        || !Arrays.equals(der, 0, PKCS8_PREFIX.length, PKCS8_PREFIX, 0, PKCS8_PREFIX.length)) {
      throw new IllegalArgumentException("expected an Ed25519 PrivateKeyInfo of 48 bytes");
    }
    return new SigningKey(Arrays.copyOfRange(der, PKCS8_PREFIX.length, der.length));
  }

  /** The PrivateKeyInfo in DER. */
  public byte[] pkcs8() {
    byte[] der = Arrays.copyOf(PKCS8_PREFIX, PKCS8_PREFIX.length + SEED_LENGTH);
    System.arraycopy(seed, 0, der, PKCS8_PREFIX.length, SEED_LENGTH);
    return der;
  }

  /** The public half. */
  public VerificationKey verificationKey() {
    return verification;
  }

  /** The signature of a message, 64 bytes; the same message always has the same one. */
  public byte[] sign(byte[] message) {
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(key);
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("signing with a valid key cannot fail", e);
    }
  }

  /** Names the public half only. */
  @Override
  public String toString() {
    return verification.toString();
  }
}
