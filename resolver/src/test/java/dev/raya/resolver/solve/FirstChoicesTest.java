package dev.raya.resolver.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.solve.SolverRequest.Preference;
import dev.raya.resolver.solve.SolverResult.Chosen;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.problem.Problem;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Where nothing has to be searched for, the walk comes to what the solver comes to. */
final class FirstChoicesTest {
  private static final int PROBLEMS = 4_000;

  @Test
  void anAnswerIsTheSolversAnswer() {
    int answered = 0;
    int withFeatures = 0;
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.of(seed);
      SolverRequest request = locked(problem.request(), problem.request().locked());
      Optional<List<Chosen>> walked = FirstChoices.of(request, problem.source());
      if (walked.isPresent()) {
        answered++;
        withFeatures += walked.get().stream().anyMatch(one -> !one.features().isEmpty()) ? 1 : 0;
        assertThat(new Solver(request, problem.source()).solve())
            .as(problem.name())
            .isInstanceOfSatisfying(
                Solved.class, solved -> assertThat(solved.chosen()).isEqualTo(walked.get()));
      }
    }
    assertThat(answered).isGreaterThan(PROBLEMS / 50);
    assertThat(withFeatures).isGreaterThan(PROBLEMS / 1000);
  }

  /** What a solver has found may be locked, and is then kept by requirements of it. */
  @Test
  void whatIsLockedIsKept() {
    int answered = 0;
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.of(seed);
      SolverRequest request = problem.request();
      if (new Solver(request, problem.source()).solve() instanceof Solved solved) {
        SolverRequest again = locked(request, versions(solved.chosen()));
        for (int left = 0; left < request.roots().size(); left++) {
          SolverRequest less = again.withRoots(without(request.roots(), left));
          Optional<List<Chosen>> walked = FirstChoices.of(less, problem.source());
          if (walked.isPresent()) {
            answered++;
            assertThat(new Solver(less, problem.source()).solve())
                .as(problem.name() + " without " + left)
                .isInstanceOfSatisfying(
                    Solved.class, same -> assertThat(same.chosen()).isEqualTo(walked.get()));
          }
        }
      }
    }
    assertThat(answered).isGreaterThan(PROBLEMS / 50);
  }

  /** A document that cannot be read is no reason to fail: a solver may do without it. */
  @Test
  void whatCannotBeReadIsLeftToTheSolver() {
    int left = 0;
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.of(seed);
      SolverRequest request = locked(problem.request(), Map.of());
      if (new Solver(request, problem.source()).solve() instanceof Solved solved) {
        for (Chosen one : solved.chosen()) {
          CandidateSource broken =
              name ->
                  name.equals(one.name())
                      ? CompletableFuture.failedStage(new IllegalStateException("unreadable"))
                      : problem.source().candidates(name);
          assertThat(FirstChoices.of(request, broken)).as(problem.name()).isEmpty();
          left++;
        }
      }
    }
    assertThat(left).isGreaterThan(PROBLEMS / 50);
  }

  private static Map<String, List<Version>> versions(List<Chosen> chosen) {
    Map<String, List<Version>> versions = new TreeMap<>();
    for (Chosen one : chosen) {
      versions.computeIfAbsent(one.name(), name -> new ArrayList<>()).add(one.version());
    }
    return versions;
  }

  /** The same request with these versions locked, which else prefers the highest. */
  private static SolverRequest locked(SolverRequest request, Map<String, List<Version>> locked) {
    return new SolverRequest(
        request.roots(),
        request.mode(),
        request.singletons(),
        locked,
        request.overrides(),
        request.preReleases(),
        Preference.HIGHEST,
        request.conflictBudget());
  }

  private static List<Need> without(List<Need> roots, int index) {
    List<Need> rest = new ArrayList<>(roots);
    rest.remove(index);
    return rest;
  }
}
