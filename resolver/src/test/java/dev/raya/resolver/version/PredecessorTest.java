package dev.raya.resolver.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PredecessorTest {
  private static final List<Version> PUBLISHED =
      List.of("0.0.1", "0.0.2", "0.3.0", "0.3.4", "1.0.0", "1.2.0", "1.2.5", "1.3.0-rc.1", "2.0.0")
          .stream()
          .map(PredecessorTest::version)
          .toList();

  @ParameterizedTest
  @CsvSource({
    "1.2.6, 1.2.5",
    "1.3.0, 1.2.5",
    "1.3.0-rc.2, 1.2.5",
    "1.1.0, 1.0.0",
    "2.0.1, 2.0.0",
    "0.3.5, 0.3.4",
    "0.4.0, ",
    "0.0.3, ",
    "3.0.0, ",
    "1.0.0, ",
  })
  void itIsTheHighestReleaseBelowOnTheSameLine(String next, String predecessor) {
    assertThat(Predecessor.of(version(next), PUBLISHED).map(Version::text).orElse(null))
        .isEqualTo(predecessor);
  }

  @ParameterizedTest
  @CsvSource({"1.2.3, 2.0.0", "0.3.1, 0.4.0", "0.0.4, 0.0.5", "9.0.0, 10.0.0"})
  void whatBreaksBelongsIntoTheNextLine(String version, String next) {
    assertThat(version(version).line().next()).isEqualTo(next);
  }

  private static Version version(String text) {
    return Objects.requireNonNull(Version.tryParse(text), text);
  }
}
