package dev.raya.signing.key;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.JsonFields;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** A proof of possession holds for one key and one registry. */
final class KeyPossessionTest {
  private static final String ORIGIN = "https://registry.example";

  @Test
  void proofHoldsForItsKeyAndRegistryOnly() {
    SigningKey key = SigningKey.ofSeed(new byte[32]);
    SigningKey other =
        SigningKey.ofSeed(
            "a seed of thirty-two characters."
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    String proof = KeyPossession.prove(ORIGIN, key);
    assertThat(KeyPossession.holds(ORIGIN, key.verificationKey(), proof)).isTrue();
    assertThat(KeyPossession.holds("https://other.example", key.verificationKey(), proof))
        .isFalse();
    assertThat(KeyPossession.holds(ORIGIN, other.verificationKey(), proof)).isFalse();
    assertThat(KeyPossession.holds(ORIGIN, key.verificationKey(), "?")).isFalse();
  }

  @Test
  void aHybridKeyProvesBothHalvesOverBoth() throws Exception {
    PublisherKey key = PublisherKey.generateHybrid(new SecureRandom());
    PublisherKey other = PublisherKey.generateHybrid(new SecureRandom());
    JsonFields request = JsonFields.root(KeyPossession.request(ORIGIN, key));
    String proof = request.string("proof");
    String second = request.string(KeyPossession.ML_DSA_PROOF);
    PublisherKey.Public half = key.publicHalf();
    MlDsaPublicKey mlDsa = MlDsaPublicKey.ofBase64(request.string(Identity.ML_DSA));
    assertThat(mlDsa).isEqualTo(half.mlDsa());
    assertThat(KeyPossession.holds(ORIGIN, half.ed25519(), mlDsa, proof, second)).isTrue();
    assertThat(KeyPossession.holds("https://x.example", half.ed25519(), mlDsa, proof, second))
        .isFalse();
    assertThat(KeyPossession.holds(ORIGIN, half.ed25519(), mlDsa, proof, proof)).isFalse();
    assertThat(KeyPossession.holds(ORIGIN, half.ed25519(), mlDsa, proof, "?")).isFalse();
    MlDsaPublicKey another =
        MlDsaPublicKey.ofBase64(
            JsonFields.root(KeyPossession.request(ORIGIN, other)).string(Identity.ML_DSA));
    assertThat(KeyPossession.holds(ORIGIN, half.ed25519(), another, proof, second)).isFalse();
    // The proof of the first half alone is no proof of a key of one half: it names both.
    assertThat(KeyPossession.holds(ORIGIN, half.ed25519(), proof)).isFalse();
  }
}
