package dev.raya.cache.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class DigestTest {
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void digestOfAbcIsThePublishedOne() {
    assertThat(Digest.of("abc".getBytes(StandardCharsets.UTF_8)).hex()).isEqualTo(ABC);
  }

  @Test
  void writtenFormIsReadBack() {
    assertThat(Digest.parse("sha256:" + ABC))
        .isEqualTo(new Digest(ABC))
        .hasToString("sha256:" + ABC);
  }

  @Test
  void upperCaseShortAndForeignFormsAreRefused() {
    assertThatThrownBy(() -> new Digest(ABC.toUpperCase(java.util.Locale.ROOT)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Digest(ABC.substring(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Digest.parse("sha512:" + ABC))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected sha256:");
  }

  @Test
  void rawBytesRoundTrip() {
    assertThat(Digest.of(new Digest(ABC).bytes(), 0).hex()).isEqualTo(ABC);
  }
}
