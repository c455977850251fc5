package dev.raya.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which spelling is meant. */
final class NearestTest {
  private static final List<String> NAMES = List.of("logging", "login", "fmt", "time", "json-five");

  @Test
  void fewestEditsWinAndFarOnesDoNot() {
    assertThat(Nearest.of("loging", NAMES)).isEqualTo("logging");
    assertThat(Nearest.of("tiem", NAMES)).isEqualTo("time");
    assertThat(Nearest.of("json", NAMES)).isEqualTo("json-five");
    assertThat(Nearest.of("zzzzzz", NAMES)).isNull();
    assertThat(Nearest.among("logni", NAMES, 2)).containsExactly("login");
  }

  @Test
  void swapOfNeighboursIsOneEdit() {
    assertThat(Nearest.distance("fmt", "ftm")).isEqualTo(1);
    assertThat(Nearest.distance("", "abc")).isEqualTo(3);
    assertThat(Nearest.distance("kitten", "sitting")).isEqualTo(3);
  }
}
