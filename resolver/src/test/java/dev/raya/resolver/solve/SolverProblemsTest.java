package dev.raya.resolver.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.solve.SolverRequest.Mode;
import dev.raya.resolver.solve.SolverRequest.Preference;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.solve.problem.ProblemFile;
import dev.raya.resolver.version.Version;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every problem of the shared collection: its status, its exact answer, every need of an answer.
 */
final class SolverProblemsTest {
  /** A derivation can be very deep; nothing may use the stack in proportion to it. */
  private static final long SMALL_STACK = 512 << 10;

  static Stream<String> files() {
    return Problems.FILES.stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  @Timeout(120)
  void answersAreRight(String file) throws InterruptedException {
    List<Throwable> failures = new ArrayList<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              for (Problem problem : Problems.in(file)) {
                check(problem);
              }
            },
            "small stack",
            SMALL_STACK);
    thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
    thread.start();
    assertThat(thread.join(Duration.ofSeconds(110))).isTrue();
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.getFirst());
    }
  }

  /** A lockfile of the relaxed mode has several versions of a name; strict takes one of them. */
  @Test
  void eachLockedVersionComesBeforeOnesThatAreNotLocked() throws Exception {
    String problem =
        """
        {"format":"raya-resolve/1","name":"strict","mode":"single",
         "locked":{"a":["1.0.0","2.0.0","3.0.0"]},"roots":{"a":"%s"},
         "packages":{"a":{"1.0.0":{},"1.1.0":{},"2.0.0":{},"2.1.0":{},"3.0.0":{},"3.1.0":{}}}}
        """;
    for (String[] each :
        new String[][] {
          {"*", "3.0.0"},
          {">=1.0.0 <3.0.0", "2.0.0"},
          {">=1.0.0 <2.0.0", "1.0.0"},
          {">=1.1.0 <2.0.0", "1.1.0"}
        }) {
      byte[] text = problem.replace("\n", "").formatted(each[0]).getBytes(StandardCharsets.UTF_8);
      Problem read = ProblemFile.read(new ByteArrayInputStream(text), "strict.json").getFirst();
      Solved solved = (Solved) new Solver(read.request(), read.source()).solve();
      assertThat(versions(solved))
          .as(each[0])
          .isEqualTo(Map.of("a", List.of(Version.parse(each[1]))));
    }
  }

  private static void check(Problem problem) {
    SolverResult result = new Solver(problem.request(), problem.source()).solve();
    Problem.Expected expected = problem.expected();
    if (expected != null) {
      assertThat(result)
          .as(problem.name())
          .isInstanceOf(expected.satisfiable() ? Solved.class : Unsolvable.class);
    }
    if (!(result instanceof Solved solved)) {
      return;
    }
    assertThat(SolutionChecker.faults(problem.request(), problem.packages(), solved.chosen()))
        .as(problem.name())
        .isEmpty();
    if (problem.request().mode() == Mode.SINGLE
        && problem.request().preference() == Preference.HIGHEST
        && problem.request().locked().isEmpty()) {
      assertThat(SolutionChecker.raisable(problem.request(), problem.packages(), solved.chosen()))
          .as(problem.name())
          .isEmpty();
    }
    if (expected != null && expected.exact()) {
      assertThat(versions(solved)).as(problem.name()).isEqualTo(expected.versions());
    }
  }

  private static Map<String, List<Version>> versions(Solved solved) {
    Map<String, List<Version>> versions = new TreeMap<>();
    for (SolverResult.Chosen chosen : solved.chosen()) {
      versions.computeIfAbsent(chosen.name(), n -> new ArrayList<>()).add(chosen.version());
    }
    return versions;
  }
}
