package dev.raya.signing.key;

import dev.raya.cache.digest.Digest;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher signs with: an Ed25519 key, and in a hybrid key an ML-DSA-65 key beside it. Its
 * id is that of the Ed25519 half; the other one is bound to it wherever the key is named.
 *
 * @param ed25519 the half that every key has
 * @param mlDsa the post-quantum half, or null
 */
public record PublisherKey(SigningKey ed25519, @Nullable MlDsaSigningKey mlDsa) {
  /**
   * The public halves.
   *
   * @param ed25519 the half that every key has
   * @param mlDsa the post-quantum half, or null
   */
  public record Public(VerificationKey ed25519, @Nullable MlDsaPublicKey mlDsa) {
    /** The key's id: SHA-256 of the SubjectPublicKeyInfo of the Ed25519 half. */
    public Digest keyId() {
      return ed25519.keyId();
    }

    /** The identity that the key has once it is registered to an account. */
    public Identity.Key identity(long account) {
      return new Identity.Key(account, ed25519, mlDsa == null ? null : mlDsa.keyId());
    }
  }

  /** A key of one half. */
  public static PublisherKey plain(SigningKey key) {
    return new PublisherKey(key, null);
  }

  /** Makes a new hybrid key. */
  public static PublisherKey generateHybrid(SecureRandom random) {
    return new PublisherKey(SigningKey.generate(random), MlDsaSigningKey.generate(random));
  }

  /** The public halves. */
  public Public publicHalf() {
    return new Public(ed25519.verificationKey(), mlDsa == null ? null : mlDsa.publicKey());
  }

  /** The key's id. */
  public Digest keyId() {
    return ed25519.verificationKey().keyId();
  }

  /** Names the public halves only. */
  @Override
  public String toString() {
    return publicHalf().toString();
  }
}
