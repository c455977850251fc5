package dev.raya.resolver.solve.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.cache.json.Json;
import dev.raya.resolver.solve.Problems;
import dev.raya.resolver.solve.SolverRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Problem files: what is read, what is refused, and the answer's form. */
final class ProblemFileTest {

  private static List<Problem> read(String text, String name) throws ProblemException, IOException {
    return ProblemFile.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), name);
  }

  @Test
  void linesHoldOneProblemEach() throws Exception {
    String line = "{\"format\":\"raya-resolve/1\",\"roots\":{},\"packages\":{}}";
    assertThat(read(line + "\n\n" + line + "\n", "some.jsonl")).hasSize(2);
    assertThat(read(line, "one.json")).hasSize(1);
  }

  @Test
  void policiesReachTheRequest() {
    Problem young = Problems.named("policy/policy.jsonl", "policy/too-young-all");
    assertThat(young.packages().get("a"))
        .singleElement()
        .matches(candidate -> candidate.mask().startsWith("too young"));
    Problem lowest = Problems.named("policy/policy.jsonl", "policy/lowest-direct-only-roots");
    assertThat(lowest.request().preference()).isEqualTo(SolverRequest.Preference.LOWEST_DIRECT);
    assertThat(lowest.request().preReleases()).isTrue();
    Problem gated = Problems.named("policy/policy.jsonl", "policy/prerelease-not-picked");
    assertThat(gated.request().preReleases()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"format\":\"raya-resolve/2\",\"roots\":{},\"packages\":{}}",
        "{\"format\":\"raya-resolve/1\",\"packages\":{}}",
        "{\"format\":\"raya-resolve/1\",\"roots\":{\"a\":\"^1\"},\"packages\":{}}",
        "{\"format\":\"raya-resolve/1\",\"roots\":{},\"packages\":{\"a\":{\"1.0\":{}}}}",
        "{\"format\":\"raya-resolve/1\",\"roots\":{},\"packages\":{},\"more\":1}",
        "{\"format\":\"raya-resolve/1\",\"roots\":{},\"packages\":{},\"mode\":\"both\"}",
        "{\"format\":\"raya-resolve/1\",\"roots\":{},\"packages\":{\"a\":{\"1.0.0\":{\"needs\":{}}}}}",
        "{\"format\":\"raya-resolve/1\",\"roots\":{},\"packages\":{\"a\":{\"1.0.0\":{\"features\":{\"f\":[\"x\"]}}}}}",
        "{\"format\":\"raya-resolve/1\",\"roots\":{},\"packages\":{},\"policy\":{\"minAgeDays\":3}}",
        "{\"format\":\"raya-resolve/1\",\"roots\":{},\"packages\":{},\"expected\":{\"status\":\"maybe\"}}"
      })
  void otherFilesAreRefused(String text) {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> read(text, "bad.json"))
        .withMessageStartingWith("bad.json: ");
  }

  @Test
  void notGzipIsRefused() {
    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> read("plain", "bad.json.gz"))
        .withMessageContaining("gzip");
  }

  @Test
  void answersHaveTheFormOfTheFormat() {
    AtomicLong clock = new AtomicLong();
    Problem side = Problems.named("policy/policy.jsonl", "policy/majors-side-by-side");
    Json.Obj sat = ProblemAnswer.solve(side, 1, () -> clock.addAndGet(1_500_000)).json();
    assertThat(CanonicalJson.text(sat))
        .isEqualTo(
            "{\"conflicts\":0,\"decisions\":1,\"solve_ms\":1.5,\"status\":\"sat\","
                + "\"versions\":{\"a\":[\"1.0.0\"],\"b\":[\"1.0.0\"],\"x\":[\"1.5.0\",\"2.2.0\"]}}");
    Problem missing = Problems.named("policy/policy.jsonl", "policy/override-to-missing");
    Json.Obj unsat = ProblemAnswer.solve(missing, 3, () -> clock.addAndGet(1_000_000)).json();
    assertThat(unsat.members().keySet())
        .containsExactlyInAnyOrder(
            "status",
            "explanation",
            "core",
            "decisions",
            "conflicts",
            "solve_ms",
            "first_solve_ms");
    assertThat(CanonicalJson.text(unsat.members().getOrDefault("core", Json.NULL)))
        .isEqualTo(
            "[{\"dep\":\"a\",\"pkg\":null,\"range\":\"*\",\"versions\":\"*\"},"
                + "{\"dep\":\"b\",\"pkg\":\"a\",\"range\":\"*\",\"versions\":\"*\"}]");
  }
}
