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
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user reads when there is no solution: {@code resolver/explain/situations.jsonl} against
 * one {@code .txt} each. The roots count as written in {@code raya.toml} from line 4 on. With
 * {@code -Draya.golden=DIR} the texts are written to that folder instead.
 */
final class ExplainerGoldenTest {
  private static final int FIRST_LINE = 4;

  static Stream<Problem> situations() {
    return Problems.in("explain/situations.jsonl").stream();
  }

  @ParameterizedTest
  @MethodSource("situations")
  void textIsAsWritten(Problem problem) throws IOException {
    SolverRequest request = request(problem);
    ResolutionException refusal =
        Objects.requireNonNull(
            catchThrowableOfType(
                ResolutionException.class, () -> Explainer.solve(request, problem.source())));
    Conflict conflict = Objects.requireNonNull(refusal.conflict());
    String actual =
        refusal.code()
            + '\n'
            + refusal.text()
            + '\n'
            + CanonicalJson.text(conflict.coreJson())
            + '\n';
    String folder = System.getProperty("raya.golden");
    if (folder != null) {
      Files.writeString(Path.of(folder, problem.name() + ".txt"), actual);
      return;
    }
    assertThat(actual).isEqualTo(expected(problem.name()));
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

  private static String expected(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ExplainerGoldenTest.class.getResourceAsStream("/resolver/explain/" + name + ".txt"),
            name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
