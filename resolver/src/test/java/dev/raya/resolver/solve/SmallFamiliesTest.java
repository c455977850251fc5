package dev.raya.resolver.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.bench.Hard;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.solve.problem.Problem;
import org.junit.jupiter.api.Test;

/** The generated families at small sizes: what is answered, and how much work it takes. */
final class SmallFamiliesTest {
  /** The search is the same on every platform; a change of how it decides changes these counts. */
  private static final long CONFLICTS = 3_284;

  private static final long DECISIONS = 28_426;

  @Test
  void smallFamiliesAgreeWithTheOracleAndTakeTheSameSteps() {
    long conflicts = 0;
    long decisions = 0;
    for (Problem problem : Hard.small()) {
      SolverRequest request = problem.request();
      SolverResult result = new Solver(request, problem.source()).solve();
      conflicts += result.statistics().conflicts();
      decisions += result.statistics().decisions();
      boolean satisfiable = Oracle.isSatisfiable(request, problem.packages());
      switch (result) {
        case Solved solved -> {
          assertThat(satisfiable).as(problem.name()).isTrue();
          assertThat(SolutionChecker.faults(request, problem.packages(), solved.chosen()))
              .as(problem.name())
              .isEmpty();
          assertThat(SolutionChecker.raisable(request, problem.packages(), solved.chosen()))
              .as(problem.name())
              .isEmpty();
        }
        case Unsolvable refuted -> assertThat(satisfiable).as(problem.name()).isFalse();
        case SolverResult.GaveUp gaveUp -> throw new AssertionError(problem.name());
      }
    }
    assertThat(conflicts).isEqualTo(CONFLICTS);
    assertThat(decisions).isEqualTo(DECISIONS);
  }
}
