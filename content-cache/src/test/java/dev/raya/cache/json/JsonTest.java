package dev.raya.cache.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

  @Test
  void canonicalFormSortsAndEscapesAsRfc8785Section3Says() throws JsonException {
    String input =
        """
        {"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
         "string":"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
         "literals":[null,true,false]}
        """;
    assertThat(CanonicalJson.text(JsonReader.read(input)))
        .isEqualTo(
            "{\"literals\":[null,true,false],"
                + "\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
                + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  @Test
  void membersAreSortedByUtf16CodeUnits() throws JsonException {
    String input =
        "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}";
    assertThat(CanonicalJson.text(JsonReader.read(input)))
        .isEqualTo("{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}");
  }

  @ParameterizedTest
  @CsvSource({
    "5e-324, 5e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "295147905179352830000.5, 295147905179352830000",
    "999999999999999900000.5, 999999999999999900000",
    "1e21, 1e+21",
    "1e-7, 1e-7",
    "0.000001, 0.000001",
    "-0.0, 0",
    "333333333.3333332, 333333333.3333332",
    "1424953923781206.25, 1424953923781206.2",
    "1.0, 1"
  })
  void numbersArePrintedAsEcmaScriptDoes(String in, String out) throws JsonException {
    assertThat(CanonicalJson.text(JsonReader.read(in))).isEqualTo(out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[1,]",
        "{\"a\":1,\"a\":2}",
        "01",
        "1.",
        "+1",
        "\"\\ud800\"",
        "\"\\ude00\\ud83d\"",
        "\"a\nb\"",
        "\"\\x\"",
        "nul",
        "1 2",
        "9007199254740993",
        "\ufeff{}",
        "1e999",
        "NaN"
      })
  void malformedDocumentsAreRefused(String document) {
    assertThatThrownBy(() -> JsonReader.read(document)).isInstanceOf(JsonException.class);
  }

  @Test
  void nestingIsBounded() throws JsonException {
    // The innermost one counts, whatever is in it.
    for (String inner : List.of("", "1")) {
      String most = "[".repeat(64) + inner + "]".repeat(64);
      assertThat(CanonicalJson.text(JsonReader.read(most))).isEqualTo(most);
      assertThatThrownBy(() -> JsonReader.read('[' + most + ']'))
          .isInstanceOf(JsonException.class)
          .hasMessageContaining("nested deeper than 64");
    }
    String deep = "[".repeat(100_000);
    assertThatThrownBy(() -> JsonReader.read(deep))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining("nested deeper than 64");
  }

  @Test
  void refusedMembersAreNamedByTheirPath() throws JsonException {
    JsonFields root = JsonFields.root(JsonReader.read("{\"a\":{\"b/c\":[1]}}"));
    assertThatThrownBy(() -> root.fields("a").strings("b/c"))
        .isInstanceOf(JsonException.class)
        .hasMessage("/a/b~1c/0: expected a string, found the integer 1");
  }
}
