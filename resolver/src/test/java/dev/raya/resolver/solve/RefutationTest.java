package dev.raya.resolver.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.bench.Hard;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.solve.problem.Problem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the proof of a search names is a contradiction by itself, and what it takes to make it
 * minimal. The search is the same on every platform: a clause that is left out of the proof, or
 * work that is done twice, changes these counts.
 */
final class RefutationTest {
  private static final int RANDOM_PROBLEMS = 400;
  private static final int FORMULAS = 60;
  private static final int EFFORT = 1 << 20;

  /** Problems without a solution, and how many requirements their refutations name in all. */
  private record Named(int refuted, int requirements) {}

  /** Problems with a core, the needs of all cores, and the least effort that they all take. */
  private record Minimised(int cores, int needs, long effort) {}

  @Test
  void familiesOfHardProblems() {
    assertThat(named(Hard.small())).isEqualTo(new Named(16, 3_095));
  }

  @Test
  void formulas() {
    assertThat(named(Hard.formulas(30, 5, FORMULAS))).isEqualTo(new Named(49, 16_300));
  }

  @Test
  void randomProblems() {
    assertThat(named(random())).isEqualTo(new Named(309, 388));
  }

  private static List<Problem> random() {
    List<Problem> problems = new ArrayList<>();
    for (long seed = 1; seed <= RANDOM_PROBLEMS; seed++) {
      problems.add(RandomProblems.of(seed));
    }
    return problems;
  }

  private static Named named(List<Problem> problems) {
    int refuted = 0;
    int requirements = 0;
    for (Problem problem : problems) {
      Catalog catalog = new Catalog(problem.request(), problem.source());
      if (new Solver(catalog).solve() instanceof Unsolvable unsolvable) {
        BitSet named = unsolvable.refutation().requirements();
        refuted++;
        requirements += named.cardinality();
        assertThat(new Solver(problem.request(), catalog, named).solve())
            .as(problem.name())
            .isInstanceOf(Unsolvable.class);
      }
    }
    return new Named(refuted, requirements);
  }

  @Test
  void effortOfMinimalCores() {
    List<Problem> problems = new ArrayList<>(random());
    problems.addAll(Hard.formulas(12, 6, 10));
    int cores = 0;
    int needs = 0;
    long effort = 0;
    for (Problem problem : problems) {
      if (new Solver(problem.request(), problem.source()).solve() instanceof Unsolvable refuted) {
        Core core = core(problem, refuted, EFFORT);
        assertThat(core.minimal()).as(problem.name()).isTrue();
        cores++;
        needs += core.needs().size();
        effort += least(problem, refuted);
      }
    }
    assertThat(new Minimised(cores, needs, effort)).isEqualTo(new Minimised(319, 1_313, 23_490));
  }

  /** The least effort with which the core comes out as known to be minimal. */
  private static long least(Problem problem, Unsolvable refuted) {
    long low = 0;
    long high = EFFORT;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (core(problem, refuted, middle).minimal()) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static Core core(Problem problem, Unsolvable refuted, long effort) {
    return new CoreMinimizer(problem.request(), problem.source(), EFFORT, effort)
        .minimise(refuted.refutation());
  }
}
