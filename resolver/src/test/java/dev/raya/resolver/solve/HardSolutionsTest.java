package dev.raya.resolver.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.bench.Hard;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.problem.Problem;
import org.junit.jupiter.api.Test;

/** Solutions that were found by following conflicts are as good as others. */
final class HardSolutionsTest {
  @Test
  void noVersionOfAHardSolutionCanBeRaisedAlone() {
    int hard = 0;
    for (Problem problem : Hard.solvable()) {
      SolverResult result = new Solver(problem.request(), problem.source()).solve();
      assertThat(result).as(problem.name()).isInstanceOf(Solved.class);
      Solved solved = (Solved) result;
      hard += solved.statistics().conflicts() > 100 ? 1 : 0;
      assertThat(SolutionChecker.faults(problem.request(), problem.packages(), solved.chosen()))
          .as(problem.name())
          .isEmpty();
      assertThat(SolutionChecker.raisable(problem.request(), problem.packages(), solved.chosen()))
          .as(problem.name())
          .isEmpty();
    }
    assertThat(hard).isGreaterThanOrEqualTo(3);
  }
}
