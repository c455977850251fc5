package dev.raya.resolver.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.resolver.explain.Conflict;
import dev.raya.resolver.explain.Explainer;
import dev.raya.resolver.solve.Problems;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.solve.problem.ProblemAnswer;
import dev.raya.resolver.solve.problem.ProblemFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The product, given problem files, against the oracle, which reads the same text: status, every
 * solution and every explanation. A failure prints the seed and the problem cut down to what still
 * fails.
 */
final class OracleAgreementTest {
  /** Fewer in mutation testing, where each mutant is tried (docs/testing.md). */
  private static final int PROBLEMS = Integer.getInteger("raya.oracle.problems", 20_000);

  /** Packages from which on shrinking a core may be left off, which the explanation then says. */
  private static final int MANY_PACKAGES = 40;

  private static final int MOST_SHRUNK = 3;
  private static final int MORE_PROBLEMS = 120_000;

  @Test
  void statusSolutionsAndExplanationsAgree() {
    long unsolvable = check(0, PROBLEMS);
    assertThat(unsolvable).isBetween(PROBLEMS / 5L, PROBLEMS * 4L / 5);
  }

  @Test
  @Tag("long")
  void statusSolutionsAndExplanationsOfManyMoreAgree() {
    check(PROBLEMS, PROBLEMS + MORE_PROBLEMS);
  }

  @ParameterizedTest
  @ValueSource(longs = {26154, 49983, 50640, 75980, 89640, 91864, 106372, 124322})
  void problemsThatWereAnsweredWorseThanNeedBe(long seed) {
    check(seed, seed + 1);
  }

  static Stream<String> files() {
    return Problems.FILES.stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void statusAndSolutionsOfTheCollectionAgree(String file) throws IOException {
    collection(file, false);
  }

  @ParameterizedTest
  @MethodSource("files")
  @Tag("long")
  void explanationsOfTheCollectionAgree(String file) throws IOException {
    collection(file, true);
  }

  private static void collection(String file, boolean explained) throws IOException {
    for (String line : lines(file)) {
      Map<String, @Nullable Object> problem = JsonText.object(line);
      Judge judge = new Judge(line);
      assertThat(faults(problem, judge, explained))
          .as("%s %s", file, problem.get("name"))
          .isEmpty();
      Object status = JsonText.map(problem.get("expected")).get("status");
      if (status != null) {
        assertThat(judge.isSatisfiable()).isEqualTo(status.equals("sat"));
      }
    }
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream in =
            Objects.requireNonNull(
                OracleAgreementTest.class.getResourceAsStream("/resolver/" + file));
        InputStream plain = file.endsWith(".gz") ? new GZIPInputStream(in) : in) {
      String text = new String(plain.readAllBytes(), StandardCharsets.UTF_8);
      return file.contains(".jsonl")
          ? text.lines().filter(line -> !line.isBlank()).toList()
          : List.of(text);
    }
  }

  private static long check(long from, long to) {
    List<Long> failing = new CopyOnWriteArrayList<>();
    long unsolvable =
        LongStream.range(from, to)
            .parallel()
            .filter(
                seed -> {
                  Map<String, @Nullable Object> problem = RandomProblem.of(seed);
                  Judge judge = new Judge(JsonText.write(problem));
                  if (!faults(problem, judge, true).isEmpty()) {
                    failing.add(seed);
                  }
                  return !judge.isSatisfiable();
                })
            .count();
    List<String> failures = new ArrayList<>();
    for (long seed : failing.subList(0, Math.min(MOST_SHRUNK, failing.size()))) {
      Map<String, @Nullable Object> small =
          Shrinker.shrink(RandomProblem.of(seed), problem -> !faults(problem).isEmpty());
      failures.add("seed " + seed + ": " + faults(small) + "\n" + JsonText.write(small));
    }
    assertThat(failures).as("%s seeds fail: %s", failing.size(), failing).isEmpty();
    return unsolvable;
  }

  /** What is wrong with the product's answer. */
  private static List<String> faults(Map<String, @Nullable Object> json) {
    return faults(json, new Judge(JsonText.write(json)), true);
  }

  private static List<String> faults(
      Map<String, @Nullable Object> json, Judge judge, boolean explained) {
    String text = JsonText.write(json);
    boolean satisfiable = judge.isSatisfiable();
    Problem problem = read(text);
    ProblemAnswer answer = ProblemAnswer.solve(problem, 1, () -> 0);
    return switch (answer.result()) {
      case SolverResult.Solved solved ->
          satisfiable
              ? judge.faults(
                  JsonText.map(JsonText.object(CanonicalJson.text(answer.json())).get("versions")))
              : List.of("solved, but there is no solution");
      case SolverResult.GaveUp gaveUp -> List.of("gave up");
      case SolverResult.Unsolvable refuted ->
          satisfiable
              ? List.of("refuted, but there is a solution")
              : explained ? explanationFaults(json, judge, problem, refuted) : List.of();
    };
  }

  private static Problem read(String text) {
    try {
      return ProblemFile.read(
              new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "p.json")
          .getFirst();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> explanationFaults(
      Map<String, @Nullable Object> json,
      Judge judge,
      Problem problem,
      SolverResult.Unsolvable refuted) {
    Conflict conflict =
        new Explainer(
                problem.request(), problem.source(), problem.situation(), Explainer.DEFAULT_EFFORT)
            .explain(refuted);
    Map<String, @Nullable Object> object = JsonText.object(CanonicalJson.text(conflict.json()));
    boolean minimal = Boolean.TRUE.equals(object.get("minimal"));
    List<String> faults =
        new ArrayList<>(judge.coreFaults(JsonText.list(object.get("core")), minimal));
    if (!minimal && problem.packages().size() < MANY_PACKAGES) {
      faults.add("not minimal");
    }
    List<@Nullable Object> suggestions = JsonText.list(object.get("suggestions"));
    for (Object suggestion : suggestions) {
      Map<String, @Nullable Object> changed = changed(json, JsonText.map(suggestion));
      if (!new Judge(JsonText.write(changed)).isSatisfiable()) {
        faults.add("does not help: " + JsonText.write(suggestion));
      }
    }
    for (String root : judge.roots()) {
      if (suggestions.isEmpty() && judge.isSatisfiableWithout(root)) {
        faults.add("no way out, but it resolves without " + root);
      }
    }
    return faults;
  }

  /** The problem after a suggestion was followed. */
  private static Map<String, @Nullable Object> changed(
      Map<String, @Nullable Object> json, Map<String, @Nullable Object> suggestion) {
    Map<String, @Nullable Object> changed = JsonText.map(JsonText.copy(json));
    Map<String, @Nullable Object> policy = new LinkedHashMap<>(JsonText.map(changed.get("policy")));
    String name = suggestion.get("name") instanceof String text ? text : "";
    switch (JsonText.string(suggestion.get("kind"))) {
      case "change-range" -> JsonText.map(changed.get("roots")).put(name, suggestion.get("to"));
      case "drop-features" -> JsonText.map(changed.get("rootFeatures")).remove(name);
      case "leave-out" -> JsonText.map(changed.get("roots")).remove(name);
      case "drop-override" ->
          JsonText.map(changed.get("overrides")).remove(JsonText.string(suggestion.get("key")));
      case "allow-pre-releases" -> policy.put("prerelease", "allow");
      case "allow-young" -> policy.put("minAgeDays", 0.0);
      default -> throw new IllegalStateException(JsonText.write(suggestion));
    }
    changed.put("policy", policy);
    return changed;
  }
}
