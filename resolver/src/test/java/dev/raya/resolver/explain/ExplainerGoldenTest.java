package dev.raya.resolver.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.raya.cache.json.CanonicalJson;
import dev.raya.resolver.solve.Need;
import dev.raya.resolver.solve.Problems;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user reads when there is no solution: {@code resolver/explain/situations.jsonl} against
 * one {@code .txt} and one {@code .json} each. The roots count as written in {@code raya.toml} from
 * line 4 on, overrides from line 20 on, and problems named {@code strict-…} as projects that ask
 * for one version per name on line 30. With {@code -Draya.golden=DIR} the files are written to that
 * folder instead.
 */
final class ExplainerGoldenTest {
  private static final int FIRST_LINE = 4;
  private static final int FIRST_OVERRIDE = 20;

  static Stream<Problem> situations() {
    return Problems.in("explain/situations.jsonl").stream();
  }

  @ParameterizedTest
  @MethodSource("situations")
  void textAndObjectAreAsWritten(Problem problem) throws IOException {
    SolverRequest request = request(problem);
    ResolutionException refusal =
        Objects.requireNonNull(
            catchThrowableOfType(
                ResolutionException.class,
                () -> Explainer.solve(request, problem.source(), situation(problem))));
    Conflict conflict = Objects.requireNonNull(refusal.conflict());
    assertThat(conflict.core().minimal()).isTrue();
    String text = refusal.code() + '\n' + refusal.text() + '\n';
    String object = CanonicalJson.text(conflict.json()) + '\n';
    String folder = System.getProperty("raya.golden");
    if (folder != null) {
      Files.writeString(Path.of(folder, problem.name() + ".txt"), text);
      Files.writeString(Path.of(folder, problem.name() + ".json"), object);
      return;
    }
    assertThat(text).isEqualTo(expected(problem.name() + ".txt"));
    assertThat(object).isEqualTo(expected(problem.name() + ".json"));
  }

  private static SolverRequest request(Problem problem) {
    List<Need> roots = new ArrayList<>();
    for (Need root : problem.request().roots()) {
      roots.add(
          new Need(
              root.name(),
              root.range(),
              root.features(),
              "raya.toml:" + (FIRST_LINE + roots.size())));
    }
    return problem.request().withRoots(roots);
  }

  private static Situation situation(Problem problem) {
    Map<String, String> overrides = new LinkedHashMap<>();
    for (String key : problem.request().overrides().keySet()) {
      overrides.put(key, "raya.toml:" + (FIRST_OVERRIDE + overrides.size()));
    }
    return new Situation(
        overrides,
        problem.name().startsWith("strict-") ? "raya.toml:30" : "",
        problem.situation().relaxations(),
        Places.NONE);
  }

  private static String expected(String file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ExplainerGoldenTest.class.getResourceAsStream("/resolver/explain/" + file), file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
