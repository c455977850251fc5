package dev.raya.resolver.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.semver4j.Semver;
import org.semver4j.range.RangeListFactory;

final class VersionRangeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1.2.3; =1.2.3",
        "^0.2.3; >=0.2.3 <0.3.0-0",
        "^0.0.3; >=0.0.3 <0.0.4-0",
        "^1.2; >=1.2.0 <2.0.0-0",
        "~1.2.3; >=1.2.3 <1.3.0-0",
        "1.x; >=1.0.0 <2.0.0-0",
        "1.2.*; >=1.2.0 <1.3.0-0",
        "1.2 - 2.3; >=1.2.0 <2.4.0-0",
        ">=1, <2; >=1.0.0 <2.0.0-0",
        "^1.2 !=1.3.0; >=1.2.0 <1.3.0 || >1.3.0 <2.0.0-0",
        "!=1.0.0; <1.0.0 || >1.0.0",
        "^1.2 || ^1.3; >=1.2.0 <2.0.0-0",
        "<1.5.0 || >=1.2.0 <2.0.0; <2.0.0",
        "=3.1.4 || ^1; >=1.0.0 <2.0.0-0 || =3.1.4",
        "^1 || =1.5.0; >=1.0.0 <2.0.0-0",
        "^1 || =1.5.0-rc.1; >=1.0.0 <2.0.0-0 || =1.5.0-rc.1",
        ">=1.0.0-rc.1 || ^1; >=1.0.0-rc.1",
        "^1 || >=1.2.0-rc.1 <1.4; >=1.0.0 <2.0.0-0 || >=1.2.0-rc.1 <1.4.0-0",
        "^1 || >=2.0.0-0 <3; >=1.0.0 <2.0.0-0 || >=2.0.0-0 <3.0.0-0",
        "1.2.3 || 1.2.3+build; =1.2.3",
        ">2 <1; none",
        "<0.0.0-0; none",
        "* || ^1; *",
        "0.x; <1.0.0-0"
      })
  void rangesHaveOneWrittenForm(String range, String written) throws VersionException {
    assertThat(VersionRange.parse(range).text()).isEqualTo(written);
    assertThat(VersionRange.parseWritten(written).text()).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo",
        ">=1 foo",
        "1.0.0 || foo",
        "^1.2.x.4",
        "1.2.3.4",
        ">=",
        ">=1,,<2",
        ",1",
        "1,",
        "1 -",
        "- 2",
        "!=1.2",
        "01",
        "1.x.5",
        "^",
        ">=1.0.0-",
        "1.2.3-01",
        "latest",
        "1|2",
        "1 ||| 2",
        "= = 1",
        ">>1",
        "none",
        "1.2.3 - ",
        "1\n",
        "１"
      })
  void otherTextsAreRefused(String text) {
    assertThatThrownBy(() -> VersionRange.parse(text))
        .isInstanceOf(VersionException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void longRangesAreRefusedAndLongOnesUnderTheBoundAreQuick() throws VersionException {
    String points = "!=1.0.0 ".repeat(128);
    assertThatThrownBy(() -> VersionRange.parse(points + "x")).hasMessageContaining("1024");
    StringBuilder many = new StringBuilder(">=1");
    for (int i = 0; many.length() < 1000; i++) {
      many.append(" !=1.").append(i % 10).append('.').append(i);
    }
    assertThat(VersionRange.parse(many.toString()).intervals()).hasSizeGreaterThan(80);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " *",
        "* ",
        ">=1.0",
        "1.0.0",
        ">= 1.0.0",
        ">=1.0.0  <2.0.0",
        ">=1.0.0||=2.0.0",
        "=1.0.0 || ",
        "^1.0.0",
        "none || *",
        ">=1.0.0 ||  =2.0.0"
      })
  void theWrittenFormIsReadStrictly(String text) {
    assertThatThrownBy(() -> VersionRange.parseWritten(text)).isInstanceOf(VersionException.class);
  }

  @Test
  void preReleasesNeedAComparatorThatNamesOneOfTheSameVersion() throws VersionException {
    VersionRange range = VersionRange.parse(">=1.2.0-rc.1 <2");
    assertThat(range.matches(Version.parse("1.2.0-rc.2"), false)).isTrue();
    assertThat(range.matches(Version.parse("1.3.0-rc.2"), false)).isFalse();
    assertThat(range.matches(Version.parse("1.3.0-rc.2"), true)).isTrue();
    assertThat(VersionRange.parse("^1").matches(Version.parse("2.0.0-0"), false)).isFalse();
  }

  @Test
  void caretOfAVersionIsItsLine() throws VersionException {
    assertThat(VersionRange.caret(Version.parse("0.3.1")).text()).isEqualTo(">=0.3.1 <0.4.0-0");
    assertThat(Version.parse("0.3.9").line().text()).isEqualTo("0.3");
    assertThat(Version.parse("0.0.4").line().text()).isEqualTo("0.0.4");
    assertThat(Version.parse("12.1.0-rc.1").line().text()).isEqualTo("12");
  }

  @Test
  void tagsAreNotRanges() {
    assertThat(VersionTag.isTag("latest")).isTrue();
    assertThat(VersionTag.isTag("next-1")).isTrue();
    assertThat(VersionTag.isTag("x")).isFalse();
    assertThat(VersionTag.isTag("v1")).isFalse();
    assertThat(VersionTag.isTag("Latest")).isFalse();
  }

  @Test
  void agesAreNumbersWithAUnit() {
    assertThat(Age.tryParse("3d")).isEqualTo(Duration.ofDays(3));
    assertThat(Age.tryParse("2w")).isEqualTo(Duration.ofDays(14));
    assertThat(Age.tryParse("d")).isNull();
    assertThat(Age.tryParse("-1d")).isNull();
    assertThat(Age.text(Duration.ofHours(36))).isEqualTo("36h");
    assertThat(Age.text(Duration.ZERO)).isEqualTo("0s");
  }

  /** Union, intersection and the canonical form agree with membership, pre-releases gated. */
  @Test
  void canonicalRangesMeanWhatTheirAlternativesMean() throws VersionException {
    Random random = new Random(7);
    for (int round = 0; round < 1_200; round++) {
      List<String> parts = new ArrayList<>();
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        parts.add(conjunction(random));
      }
      String text = String.join(" || ", parts);
      VersionRange whole = VersionRange.parse(text);
      assertThat(VersionRange.parseWritten(whole.text()).text()).isEqualTo(whole.text());
      for (int i = 0; i < 20; i++) {
        Version version = Version.parse(version(random));
        boolean plain = false;
        boolean gated = false;
        for (String part : parts) {
          VersionRange one = VersionRange.parse(part);
          plain |= one.contains(version);
          gated |= one.matches(version, false);
        }
        assertThat(whole.contains(version)).as("%s in %s", version, text).isEqualTo(plain);
        assertThat(whole.matches(version, false)).as("%s in %s", version, text).isEqualTo(gated);
        VersionRange other = VersionRange.parse(conjunction(random));
        assertThat(whole.intersect(other).contains(version))
            .isEqualTo(plain && other.contains(version));
        assertThat(whole.union(other).contains(version))
            .isEqualTo(plain || other.contains(version));
      }
    }
  }

  /** semver4j reads the expanded form as we do. */
  @Test
  void semver4jAgreesOnExpandedRanges() throws VersionException {
    Random random = new Random(11);
    for (int round = 0; round < 10_000; round++) {
      VersionRange range = VersionRange.parse(conjunction(random));
      if (range.isNone() || range.isAny()) {
        continue;
      }
      String version = version(random);
      assertThat(range.matches(Version.parse(version), false))
          .as("%s in %s", version, range)
          .isEqualTo(new Semver(version).satisfies(RangeListFactory.create(range.text())));
    }
  }

  /** Whatever the text, the reader answers or refuses; what it takes has a stable written form. */
  @Test
  void anyTextIsReadOrRefused() throws VersionException {
    Random random = new Random(3);
    String alphabet = "0123456789.xX*^~<>=!|,- v+abrc\t";
    int taken = 0;
    for (int round = 0; round < 60_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(14); i >= 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      VersionRange range = VersionRange.tryParse(text.toString());
      if (range != null) {
        taken++;
        assertThat(VersionRange.parseWritten(range.text())).isEqualTo(range);
      }
    }
    assertThat(taken).isGreaterThan(500);
  }

  private static String conjunction(Random random) {
    List<String> comparators = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      String[] operators = {"", "=", ">", ">=", "<", "<=", "^", "~", "!="};
      comparators.add(operators[random.nextInt(operators.length)] + version(random));
    }
    return String.join(" ", comparators);
  }

  private static String version(Random random) {
    String core = random.nextInt(3) + "." + random.nextInt(3) + "." + random.nextInt(3);
    String[] suffixes = {"", "", "", "-0", "-a", "-a.1", "-b", "+m"};
    return core + suffixes[random.nextInt(suffixes.length)];
  }
}
