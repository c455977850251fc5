package dev.raya.tuf.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.tuf.role.Role;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the claimed role is split, and which bin names what. */
final class ClaimSplitTest {
  private static final Role.TargetFile FILE =
      new Role.TargetFile(3, Map.of("sha256", "0".repeat(64)));

  private static Map<String, Role.TargetFile> claims(int count, int bits, String bin) {
    Map<String, Role.TargetFile> claims = new TreeMap<>();
    for (int number = 0; claims.size() < count; number++) {
      String path = "claimed/00/00/package-" + number;
      if (ClaimBins.of(bits, path).equals(bin)) {
        claims.put(path, FILE);
      }
    }
    return claims;
  }

  @ParameterizedTest
  @CsvSource({
    "claimed-0, true",
    "claimed-ff, true",
    "claimed-03f, true",
    "claimed-0000, false",
    "claimed-, false",
    "claimed, false",
    "claimed-G, false",
    "claimed-F, false",
    "bin-0, false",
    "xclaimed-0, false",
  })
  void aBinIsNamedByOneToThreeDigits(String text, boolean name) {
    assertThat(ClaimBins.isName(text)).isEqualTo(name);
  }

  @Test
  void eachSplitHasAllItsBinsAndEachClaimInOneOfThem() {
    Map<String, Role.TargetFile> claims = new TreeMap<>();
    for (int number = 0; number < 100; number++) {
      claims.put("claimed/00/00/package-" + number, FILE);
    }
    for (int bits = ClaimBins.STEP; bits <= 12; bits += ClaimBins.STEP) {
      var bins = ClaimBins.split(bits, claims);
      assertThat(bins).hasSize(1 << bits);
      assertThat(bins.keySet()).allMatch(ClaimBins::isName).doesNotContain("claimed");
      Map<String, Role.TargetFile> found = new TreeMap<>();
      for (var bin : bins.entrySet()) {
        for (String path : bin.getValue().keySet()) {
          assertThat(ClaimBins.of(12, path)).startsWith(bin.getKey());
        }
        found.putAll(bin.getValue());
      }
      assertThat(found).isEqualTo(claims);
    }
  }

  @Test
  void aBinThatIsFullSplitsTheRoleFinerAndNoSplitIsTakenBack() {
    Map<String, Role.TargetFile> full = claims(ClaimBins.MOST, 4, "claimed-7");
    assertThat(ClaimBins.bits(0, full)).isEqualTo(4);
    assertThat(ClaimBins.bits(8, full)).isEqualTo(8);
    assertThat(ClaimBins.bits(12, full)).isEqualTo(12);
    assertThat(ClaimBins.bits(0, claims(ClaimBins.MOST + 1, 4, "claimed-7"))).isEqualTo(8);
    // The last split has no finer one, however full a bin of it is.
    assertThat(ClaimBins.bits(4, claims(ClaimBins.MOST + 1, 8, "claimed-7f"))).isEqualTo(12);
  }
}
