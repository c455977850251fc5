package dev.raya.resolver.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LockfileRecoveryTest {
  private static List<String> ids(String text) {
    return LockfileRecovery.read(text.getBytes(StandardCharsets.UTF_8)).packages().stream()
        .map(pkg -> pkg.id() + " of " + pkg.source().text())
        .toList();
  }

  private static final String CONFLICT =
      """
      # Written by raya-pm. Do not edit.
      version = 1
      <<<<<<< HEAD
      manifest = "sha256:aa"
      =======
      manifest = "sha256:bb"
      >>>>>>> other

      [[package]]
      name = "fmt"
      <<<<<<< HEAD
      version = "1.2.0"
      source = "registry+https://raya.example"
      =======
      version = "1.3.0"
      source = "registry+https://raya.example"
      >>>>>>> other
      capabilities = ["net", "time"]

      <<<<<<< HEAD
      [[package]]
      name = "ours"
      version = "1.0.0"
      source = "registry+https://raya.example"
      =======
      [[package]]
      name = "theirs"
      version = "2.0.0"
      source = "path+../theirs"
      >>>>>>> other

      [[package]]
      name = "Not A Name"
      version = "1.0.0"
      source = "registry+https://raya.example"
      """;

  @Test
  void theVersionsOfBothSidesOfAConflictAreFound() {
    assertThat(ids(CONFLICT))
        .containsExactly(
            "fmt 1.2.0 of registry+https://raya.example",
            "fmt 1.3.0 of registry+https://raya.example",
            "ours 1.0.0 of registry+https://raya.example",
            "theirs 2.0.0 of path+../theirs");
    assertThat(
            LockfileRecovery.read(CONFLICT.getBytes(StandardCharsets.UTF_8))
                .packages()
                .getFirst()
                .capabilities())
        .hasToString("[net, time]");
  }

  @Test
  void damageNeverThrows() {
    Random random = new Random(7);
    byte[] bytes = CONFLICT.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 2_000; i++) {
      byte[] damaged = bytes.clone();
      for (int j = 0; j < 1 + random.nextInt(8); j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      assertThat(LockfileRecovery.read(damaged).packages()).hasSizeLessThan(20);
    }
    assertThat(ids("")).isEmpty();
  }
}
