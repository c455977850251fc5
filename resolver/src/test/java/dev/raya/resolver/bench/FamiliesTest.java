package dev.raya.resolver.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.solve.Catalog;
import dev.raya.resolver.solve.Core;
import dev.raya.resolver.solve.CoreMinimizer;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.SolverResult.GaveUp;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.solve.problem.Problem;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The generated families have the answers that they are built to have. */
final class FamiliesTest {
  private static final long SMALL_STACK = 512 << 10;

  private static SolverResult solve(ProblemText text) {
    Problem problem = Hard.read(text);
    return new Solver(problem.request(), problem.source()).solve();
  }

  @Test
  void familiesThatHaveNoSolutionAreRefuted() {
    for (ProblemText text :
        List.of(
            Families.lockstep(20, 100),
            Families.lockstepPin(60, 40),
            Families.falling(5, 200),
            Families.pigeons(6),
            Families.ecosystem(300, 1, "majors", true),
            // Drawn without a clash, and SAT4J finds none of its answers either.
            Families.ecosystem(4000, 5, "majors", false))) {
      assertThat(solve(text)).as(text.name()).isInstanceOf(Unsolvable.class);
    }
  }

  @Test
  void familiesThatHaveASolutionAreSolved() {
    for (ProblemText text :
        List.of(
            Families.deepBacktrack(40, 20),
            Families.diamonds(50, 6, 8, 3),
            Families.monorepo(80, 60, 3),
            Families.oldLeaf(60, 60, 3))) {
      assertThat(solve(text)).as(text.name()).isInstanceOf(Solved.class);
    }
  }

  /** Nothing may use the stack in proportion to the depth: not search, not shrinking. */
  @Test
  void deepProblemsNeedNoDeepStack() throws InterruptedException {
    AtomicReference<Object> found = new AtomicReference<>();
    Problem problem = Hard.read(Families.lockstep(1_500, 2));
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                Catalog catalog = new Catalog(problem.request(), problem.source());
                Unsolvable refuted = (Unsolvable) new Solver(catalog).solve();
                found.set(
                    new CoreMinimizer(
                            problem.request(),
                            problem.source(),
                            SolverRequest.DEFAULT_BUDGET,
                            Long.MAX_VALUE)
                        .minimise(refuted.refutation()));
              } catch (RuntimeException | Error e) {
                found.set(e);
              }
            },
            "small stack",
            SMALL_STACK);
    thread.start();
    thread.join();
    // Three chains of which the last ends at once: its package has one version less.
    assertThat(found.get())
        .isInstanceOfSatisfying(
            Core.class,
            core -> {
              assertThat(core.minimal()).isTrue();
              assertThat(core.needs()).hasSize(1 + 1 + 2 * 1_499);
            });
  }

  @Test
  void aSearchThatExceedsItsBudgetSaysSo() {
    Problem problem = Hard.read(Families.pigeons(8));
    SolverResult result =
        new Solver(problem.request().withConflictBudget(200), problem.source()).solve();
    assertThat(result).isInstanceOf(GaveUp.class);
    assertThat(result.statistics().conflicts()).isEqualTo(200);
  }

  @Test
  void onlyPackagesOfTheAnswerAreAskedForWhereNothingConflicts() {
    Problem problem = Hard.read(Families.deepBacktrack(200, 20));
    Set<String> asked = new HashSet<>();
    SolverResult result =
        new Solver(
                problem.request(),
                name -> {
                  asked.add(name);
                  return problem.source().candidates(name);
                })
            .solve();
    int chosen = ((Solved) result).chosen().size();
    assertThat(asked.size()).isLessThanOrEqualTo(chosen * 11 / 10);
  }

  /** Times are in docs/benchmarks.md; here counts, which no load disturbs. */
  @ParameterizedTest
  @ValueSource(ints = {150, 1_200, 10_000})
  void decisionsAreAsManyAsPackagesUpToTwoHundredThousandCandidates(int packages) {
    ProblemText text = Families.breadth(packages, 20, 3);
    assertThat(text.candidates()).isEqualTo(20 * packages);
    SolverResult result = solve(text);
    assertThat(result.statistics().conflicts()).isZero();
    assertThat(result.statistics().decisions()).isLessThanOrEqualTo(packages + 1L);
    assertThat(((Solved) result).chosen()).hasSize(packages);
  }

  @Test
  void aCatalogMayServeManySolves() {
    Problem problem = Hard.read(Families.diamonds(20, 5, 6, 7));
    Catalog catalog = new Catalog(problem.request(), problem.source());
    SolverResult first = new Solver(catalog).solve();
    for (int i = 0; i < 3; i++) {
      assertThat(new Solver(catalog).solve()).isEqualTo(first);
    }
  }
}
