package dev.raya.resolver.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.semver4j.Semver;

/**
 * Our reading of ranges as intervals beside semver4j's own reading of the same text, which shares
 * nothing with ours here: on random ranges and versions both say the same. The shapes that semver4j
 * reads otherwise than node-semver's fixtures do (docs/decisions/0040) are not written.
 */
final class RangeReadingsTest {
  private static final int RANGES = 500;
  private static final int VERSIONS = 40;
  private static final List<String> OPERATORS = List.of("", "=", ">", ">=", "<", "<=");
  private static final List<String> TAGS = List.of("alpha", "beta.2", "rc.1", "0", "11");

  private final Random random = new Random(11);

  @Test
  void bothReadingsAgreeOnTwentyThousandPairs() throws VersionException {
    agree(RANGES);
  }

  @Test
  @Tag("long")
  void bothReadingsAgreeOnAMillionPairs() throws VersionException {
    agree(50 * RANGES);
  }

  private void agree(int ranges) throws VersionException {
    TreeMap<String, List<String>> differences = new TreeMap<>();
    int pairs = 0;
    int inside = 0;
    for (int i = 0; i < ranges; i++) {
      String text = range();
      VersionRange ours = VersionRange.parse(text);
      for (int k = 0; k < VERSIONS; k++) {
        String version = version();
        boolean matches = ours.matches(Version.parse(version), false);
        pairs++;
        inside += matches ? 1 : 0;
        if (matches != new Semver(version).satisfies(text)) {
          differences.computeIfAbsent(text, t -> new ArrayList<>()).add(version);
        }
      }
    }
    assertThat(differences).isEmpty();
    assertThat(pairs).isEqualTo(ranges * VERSIONS);
    assertThat(inside).as("of both kinds").isBetween(pairs / 10, pairs * 9 / 10);
  }

  private int number() {
    return random.nextInt(3) == 0 ? 0 : random.nextInt(5);
  }

  private String core() {
    return number() + "." + number() + "." + number();
  }

  private String version() {
    return random.nextInt(4) == 0 ? core() + "-" + tag() : core();
  }

  private String tag() {
    return TAGS.get(random.nextInt(TAGS.size()));
  }

  private String range() {
    int alternatives = 1 + random.nextInt(3);
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < alternatives; i++) {
      parts.add(alternative());
    }
    return String.join(" || ", parts);
  }

  private String alternative() {
    return switch (random.nextInt(8)) {
      case 0 -> core() + " - " + core();
      case 1 -> number() + ".x";
      case 2 -> number() + "." + number() + ".*";
      case 3 -> plain() + " " + plain();
      case 4 -> "^" + (random.nextInt(3) == 0 ? core() : version());
      case 5 -> "~" + (random.nextInt(3) == 0 ? number() + "." + number() : version());
      default -> plain();
    };
  }

  private String plain() {
    return OPERATORS.get(random.nextInt(OPERATORS.size())) + version();
  }
}
