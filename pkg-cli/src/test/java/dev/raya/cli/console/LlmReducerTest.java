package dev.raya.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.Json;
import dev.raya.cache.json.JsonException;
import dev.raya.cache.json.JsonFields;
import dev.raya.cache.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What stays of an answer under a token budget. */
final class LlmReducerTest {
  private static final Span PLACE = Span.at("src/a.raya", 1, 2, 3);

  private static Finding finding(int number) {
    return new Finding(
        "RAYA-PKG-006",
        Finding.Severity.ERROR,
        "no solution " + number + ": " + "and so on ".repeat(40),
        PLACE,
        "the source line".repeat(4),
        List.of(new Finding.Note("required here", PLACE), new Finding.Note("and also there", null)),
        List.of(new Finding.Fix("do this", List.of(new Finding.Edit(PLACE, "x", null)))),
        new Json.Str("because ".repeat(200)));
  }

  private static Json.Obj envelope(int findings) {
    List<Finding> all = new ArrayList<>();
    for (int i = 0; i < findings; i++) {
      all.add(finding(i));
    }
    Json result =
        Json.object()
            .put("graph", new Json.Str("edge ".repeat(100)))
            .put("count", findings)
            .put("text", "long ".repeat(100))
            .build();
    return new Envelope("add", false, result, all, 12).json();
  }

  private static JsonFields reduced(int findings, int budget) throws JsonException {
    String text = LlmReducer.reduce(envelope(findings), budget);
    assertThat(LlmReducer.tokens(text)).isLessThanOrEqualTo(budget);
    assertThat(LlmReducer.reduce(envelope(findings), budget)).isEqualTo(text);
    return JsonFields.root(JsonReader.read(text));
  }

  @Test
  void everythingStaysWhereItFits() throws JsonException {
    JsonFields whole = reduced(1, 12_000);
    assertThat(whole.fields("reduced").fields("dropped").names()).isEmpty();
    assertThat(whole.list("diagnostics").getFirst().string("title")).isNotEmpty();
    assertThat(whole.fields("result").has("graph")).isTrue();
  }

  @Test
  void stagesGoInTheirOrder() throws JsonException {
    List<String> order =
        List.of(
            "explanations",
            "excerpts",
            "secondarySpans",
            "notes",
            "fixes",
            "result",
            "longMessages");
    int needed = LlmReducer.tokens(LlmReducer.reduce(envelope(3), 12_000));
    int before = 0;
    for (int budget = needed; budget > 300; budget -= 7) {
      String text = LlmReducer.reduce(envelope(3), budget);
      if (text.contains("does not fit into")) {
        break;
      }
      List<String> dropped = order.stream().filter(reducedNames(text)::contains).toList();
      assertThat(dropped).isEqualTo(order.subList(0, dropped.size()));
      assertThat(dropped.size()).isGreaterThanOrEqualTo(before);
      before = dropped.size();
    }
    assertThat(before).isEqualTo(order.size());
  }

  private static List<String> reducedNames(String text) throws JsonException {
    return List.copyOf(
        JsonFields.root(JsonReader.read(text)).fields("reduced").fields("dropped").names());
  }

  @Test
  void codeTitlePlaceAndShortMessageOfEveryDiagnosticStay() throws JsonException {
    JsonFields least = reduced(3, 400);
    assertThat(least.list("diagnostics")).hasSize(3);
    for (JsonFields diagnostic : least.list("diagnostics")) {
      assertThat(diagnostic.string("code")).isEqualTo("RAYA-PKG-006");
      assertThat(diagnostic.string("severity")).isEqualTo("error");
      assertThat(diagnostic.string("message")).startsWith("no solution").hasSizeLessThan(400);
      assertThat(diagnostic.fields("span").string("file")).isEqualTo("src/a.raya");
      assertThat(diagnostic.has("excerpt")).isFalse();
    }
  }

  @Test
  void budgetThatCannotHoldThemIsNamed() throws JsonException {
    String text = LlmReducer.reduce(envelope(20), 100);
    JsonFields only = JsonFields.root(JsonReader.read(text));
    assertThat(only.list("diagnostics")).hasSize(1);
    String message = only.list("diagnostics").getFirst().string("message");
    assertThat(message).startsWith("the answer does not fit into 100 tokens; it needs ");
    int needed = Integer.parseInt(message.substring(message.lastIndexOf(' ') + 1));
    assertThat(reduced(20, needed).list("diagnostics")).hasSize(20);
  }

  @Test
  void noBudgetIsEverExceeded() throws JsonException {
    long seed = 20_260_106;
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      int findings = random.nextInt(12);
      int budget = 2_000 + random.nextInt(6_000);
      assertThat(reduced(findings, budget).list("diagnostics"))
          .as("seed %s, round %s", seed, round)
          .isNotNull();
    }
  }
}
