package dev.raya.cache.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ErrorCodesTest {
  /** Numbers that cli.md section 5 skips: after the key, the next one. */
  private static final Map<String, Integer> JUMPS = Map.of("RAYA-SEC-014", 20);

  private static final Set<ErrorArea> NUMBERED =
      Set.of(
          ErrorArea.PKG,
          ErrorArea.RES,
          ErrorArea.NET,
          ErrorArea.SEC,
          ErrorArea.REG,
          ErrorArea.TC,
          ErrorArea.CLI);

  @ParameterizedTest
  @EnumSource
  void everyCodeOfAnAreaCarriesItsPrefixAndStandsOnce(ErrorArea area) {
    Set<String> seen = new HashSet<>();
    for (ErrorCode code : ErrorCodes.of(area)) {
      assertThat(ErrorArea.of(code.code())).as(code.code()).contains(area);
      assertThat(seen.add(code.code())).as(code.code() + " stands once").isTrue();
      assertThat(ErrorCodes.find(code.code())).contains(code);
    }
  }

  @ParameterizedTest
  @EnumSource
  void numbersRunFromOneWithoutGaps(ErrorArea area) {
    if (!NUMBERED.contains(area)) {
      return;
    }
    int next = 1;
    for (ErrorCode code : ErrorCodes.of(area)) {
      assertThat(code.code()).isEqualTo("%s%03d".formatted(area.prefix(), next));
      next = JUMPS.getOrDefault(code.code(), next + 1);
    }
  }

  @Test
  void titlesStartSmallAndEndWithoutAFullStop() {
    for (ErrorCode code : ErrorCodes.all()) {
      assertThat(code.title()).as(code.code()).doesNotEndWith(".").doesNotContain("\n");
    }
  }

  @Test
  void exitCodesAreThoseOfTheCommandLineContract() {
    assertThat(ErrorCodes.exit("RAYA-PKG-001")).isEqualTo(1);
    assertThat(ErrorCodes.exit("RAYA-PKG-004")).isEqualTo(0);
    assertThat(ErrorCodes.exit("RAYA-PKG-008")).isEqualTo(3);
    for (ErrorCode code : ErrorCodes.all()) {
      assertThat(code.exit()).as(code.code()).isIn(0, 1, 2, 3, 4, 5, 70, 130);
    }
  }

  @Test
  void aCodeThatNobodyRegisteredIsAFaultOfTheProgram() {
    assertThat(ErrorCodes.find("RAYA-PKG-999")).isEmpty();
    assertThat(ErrorCodes.find("nonsense")).isEmpty();
    assertThatThrownBy(() -> ErrorCodes.exit("RAYA-PKG-999"))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void fieldsMayStandOnTheirLineOrBelowAndKeepInnerEmptyLines() {
    String text =
        """
        # comment
        RAYA-X-001 exit 3
        title: it broke
        cause:
          first

          second
            indented
        example: one line
        remedy: do
          more

        """;
    assertThat(ErrorCodesReader.read(text, "x.codes"))
        .isEqualTo(
            List.of(
                new ErrorCode(
                    "RAYA-X-001",
                    3,
                    "it broke",
                    "first\n\nsecond\n  indented",
                    "one line",
                    "do\nmore")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RAYA-X-001\ntitle: a\n",
        "RAYA-X-001 exit three\n",
        "RAYA-X-001 exit 3\ncause: b\n",
        "RAYA-X-001 exit 3\ntitle: a\ncause: b\nexample: c\n"
      })
  void malformedFilesAreFaultsWithTheirLine(String text) {
    assertThatThrownBy(() -> ErrorCodesReader.read(text, "x.codes"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("x.codes:");
  }
}
