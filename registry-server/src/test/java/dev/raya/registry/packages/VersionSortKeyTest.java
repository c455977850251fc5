package dev.raya.registry.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class VersionSortKeyTest {
  @Test
  void theOrderOfKeysIsThePrecedenceOfVersions() throws Exception {
    Random random = new Random(20260106);
    List<Version> versions = new ArrayList<>();
    String[] identifiers = {"0", "1", "9", "10", "alpha", "alpha-1", "beta", "rc", "A", "-", "0a"};
    String[] numbers = {"0", "1", "2", "9", "10", "99", "100", "9".repeat(30)};
    for (int i = 0; i < 400; i++) {
      StringBuilder text = new StringBuilder();
      for (int part = 0; part < 3; part++) {
        text.append(part == 0 ? "" : ".").append(numbers[random.nextInt(numbers.length)]);
      }
      int count = random.nextInt(4);
      for (int k = 0; k < count; k++) {
        text.append(k == 0 ? '-' : '.').append(identifiers[random.nextInt(identifiers.length)]);
      }
      versions.add(Version.parse(text.toString()));
    }
    for (Version a : versions) {
      for (Version b : versions) {
        int byKey =
            Arrays.compareUnsigned(
                VersionSortKey.of(a.precedence()), VersionSortKey.of(b.precedence()));
        assertThat(Integer.signum(byKey))
            .as(a + " and " + b)
            .isEqualTo(Integer.signum(a.compareTo(b)));
      }
    }
  }
}
