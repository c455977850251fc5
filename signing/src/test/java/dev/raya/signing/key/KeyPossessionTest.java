package dev.raya.signing.key;

import static org.assertj.core.api.Assertions.assertThat;

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
}
