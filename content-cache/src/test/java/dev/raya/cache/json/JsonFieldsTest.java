package dev.raya.cache.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Members of objects by name and type, and what a reader of a wrong one is told. */
final class JsonFieldsTest {
  private static JsonFields fields(String json) throws JsonException {
    return JsonFields.root(JsonReader.read(json));
  }

  private static void refused(ThrowingCallable reading, String message) {
    assertThatThrownBy(reading).isInstanceOf(JsonException.class).hasMessageContaining(message);
  }

  @Test
  void membersAreReadByTheirTypes() throws JsonException {
    JsonFields fields =
        fields(
            """
            {"s":"text","i":7,"b":true,"n":null,"o":{"x":"y"},"a":[{"k":1},{"k":2}],"t":["u","v"]}
            """);

    assertThat(fields.string("s")).isEqualTo("text");
    assertThat(fields.optionalString("s")).isEqualTo("text");
    assertThat(fields.optionalString("n")).isNull();
    assertThat(fields.optionalString("absent")).isNull();
    assertThat(fields.integer("i")).isEqualTo(7);
    assertThat(fields.integer("i", 0, 7)).isEqualTo(7);
    assertThat(fields.bool("b", false)).isTrue();
    assertThat(fields.bool("absent", true)).isTrue();
    assertThat(fields.fields("o").string("x")).isEqualTo("y");
    assertThat(fields.optionalFields("n")).isNull();
    assertThat(fields.optionalFields("o")).isNotNull();
    assertThat(fields.items("absent")).isEmpty();
    assertThat(fields.list("a")).hasSize(2);
    assertThat(fields.list("a").get(1).integer("k")).isEqualTo(2);
    assertThat(fields.strings("t")).containsExactly("u", "v");
    assertThat(fields.has("n")).isTrue();
    assertThat(fields.has("absent")).isFalse();
    assertThat(fields.names()).contains("s", "t");
    assertThat(fields.object().get("i")).isEqualTo(Json.of(7));
    fields.only(Set.of("s", "i", "b", "n", "o", "a", "t"));
  }

  @Test
  void aRefusalNamesPathExpectationAndFinding() throws JsonException {
    JsonFields fields = fields("{\"s\":1,\"i\":\"x\",\"o\":{\"a\":[1,\"u\"]},\"b\":[],\"f\":{}}");

    refused(() -> fields.string("s"), "expected a string");
    refused(() -> fields.string("absent"), "absent: missing");
    refused(() -> fields.integer("i"), "expected an integer");
    refused(() -> fields.integer("s", 2, 3), "expected 2 to 3, found 1");
    refused(() -> fields.bool("s", false), "expected true or false");
    refused(() -> fields.fields("s"), "expected an object");
    refused(() -> fields.items("s"), "expected an array");
    refused(() -> fields.fields("o").list("a"), "/o/a/0: expected an object");
    refused(() -> fields.fields("o").strings("a"), "/o/a/0: expected a string");
    refused(() -> fields.only(Set.of("s")), "unknown member");
    refused(() -> fields("[]"), "the document: expected an object, found an array");
    refused(() -> fields("null"), "expected an object");
    assertThat(fields.fault("f", "too late")).hasMessageContaining("/f: too late");
  }
}
