package dev.raya.registry.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

final class TokensTest {
  @Test
  void aTokenHasAFormThatAMistypedOneHasNot() {
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < 200; i++) {
      String token = Tokens.generate(random);
      assertThat(token).matches("raya_[0-9a-hjkmnp-tv-z]{36}");
      assertThat(Tokens.isToken(token)).isTrue();
      assertThat(Tokens.isToken(token.substring(1))).isFalse();
      assertThat(Tokens.isToken(token + "0")).isFalse();
    }
    assertThat(Tokens.isToken("raya_" + "0".repeat(36))).isFalse();
    assertThat(Tokens.isToken("")).isFalse();
  }

  @Test
  void theStoredFormDependsOnThePepper() {
    String token = Tokens.generate(new SecureRandom());
    assertThat(new Tokens("a").hash(token)).isNotEqualTo(new Tokens("b").hash(token));
    assertThat(new Tokens("a").hash("raya_short")).isEmpty();
  }
}
