package dev.raya.resolver.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.bench.Hard;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.solve.problem.Problem;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many requirements a turned solution shows to be indispensable, and that they are. */
final class RotationTest {
  private static final int RANDOM_PROBLEMS = 150;

  /** Solves that found a solution, and what the rotations from these marked in all. */
  private record Marked(int solved, int marked) {}

  @Test
  void familiesOfHardProblems() {
    assertThat(marked(Hard.small())).isEqualTo(new Marked(351, 10_090));
  }

  @Test
  void randomProblems() {
    List<Problem> problems = new ArrayList<>();
    for (long seed = 1; seed <= RANDOM_PROBLEMS; seed++) {
      problems.add(RandomProblems.of(seed));
    }
    assertThat(marked(problems)).isEqualTo(new Marked(154, 202));
  }

  private static Marked marked(List<Problem> problems) {
    int solved = 0;
    int marked = 0;
    for (Problem problem : problems) {
      Catalog catalog = new Catalog(problem.request(), problem.source());
      if (!(new Solver(catalog).solve() instanceof Unsolvable refuted)) {
        continue;
      }
      BitSet all = refuted.refutation().requirements();
      List<BitSet> groups = new ArrayList<>();
      all.stream().forEach(number -> groups.add(only(number)));
      for (int i = 0; i < groups.size() && i < 40; i++) {
        Solver solver = new Solver(problem.request(), catalog, without(all, groups.get(i)));
        if (solver.solve() instanceof Solved) {
          BitSet indispensable = new BitSet();
          indispensable.set(i);
          new Rotation(catalog, groups).rotate(solver.choices(), indispensable);
          solved++;
          marked += indispensable.cardinality();
          int last = indispensable.length() - 1;
          assertThat(new Solver(problem.request(), catalog, without(all, groups.get(last))).solve())
              .as("%s without requirement %d", problem.name(), last)
              .isInstanceOf(Solved.class);
        }
      }
    }
    return new Marked(solved, marked);
  }

  private static BitSet only(int number) {
    BitSet set = new BitSet();
    set.set(number);
    return set;
  }

  private static BitSet without(BitSet all, BitSet group) {
    BitSet rest = (BitSet) all.clone();
    rest.andNot(group);
    return rest;
  }
}
