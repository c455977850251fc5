package dev.raya.resolver.solve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.solve.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The solver against SAT4J on seeded random problems: status, solutions, cores. */
final class OracleTest {
  /** Fewer in mutation testing, where each mutant is tried (docs/testing.md). */
  private static final int PROBLEMS = Integer.getInteger("raya.oracle.problems", 4_000);

  @Test
  void statusAndSolutionsAndCoresAgree() {
    int unsolvable = 0;
    for (long seed = 0; seed < PROBLEMS; seed++) {
      Problem problem = RandomProblems.of(seed);
      boolean satisfiable = Oracle.isSatisfiable(problem.request(), problem.packages());
      SolverResult result = new Solver(problem.request(), problem.source()).solve();
      switch (result) {
        case Solved solved -> {
          assertThat(satisfiable).as(problem.name()).isTrue();
          assertThat(SolutionChecker.faults(problem.request(), problem.packages(), solved.chosen()))
              .as(problem.name())
              .isEmpty();
        }
        case Unsolvable refuted -> {
          assertThat(satisfiable).as(problem.name()).isFalse();
          unsolvable++;
          checkCore(problem, refuted);
        }
        case SolverResult.GaveUp gaveUp -> throw new AssertionError(problem.name());
      }
    }
    assertThat(unsolvable).isBetween(PROBLEMS / 5, PROBLEMS * 4 / 5);
  }

  @Test
  void anEndedEffortLeavesAContradiction() {
    Problem problem = Problems.in("generated/pigeons-5.json.gz").getFirst();
    SolverResult result = new Solver(problem.request(), problem.source()).solve();
    Refutation refutation = ((Unsolvable) result).refutation();
    Core core =
        new CoreMinimizer(problem.request(), problem.source(), SolverRequest.DEFAULT_BUDGET, 0)
            .minimise(refutation);
    assertThat(core.minimal()).isFalse();
    assertThat(isSatisfiable(problem, core.needs())).isFalse();
  }

  /** Fails unless a refutation shrinks to a contradiction without any part to spare. */
  static void checkCore(Problem problem, Unsolvable refuted) {
    Core core =
        new CoreMinimizer(
                problem.request(), problem.source(), SolverRequest.DEFAULT_BUDGET, Long.MAX_VALUE)
            .minimise(refuted.refutation());
    assertThat(core.minimal()).as(problem.name()).isTrue();
    assertThat(isSatisfiable(problem, core.needs())).as(problem.name()).isFalse();
    for (CoreNeed need : core.needs()) {
      List<CoreNeed> rest = new ArrayList<>(core.needs());
      rest.remove(need);
      assertThat(isSatisfiable(problem, rest)).as("%s without %s", problem.name(), need).isTrue();
    }
  }

  /** The oracle's word on the problem with no other requirements than these. */
  private static boolean isSatisfiable(Problem problem, List<CoreNeed> kept) {
    Map<String, List<Candidate>> packages = new LinkedHashMap<>();
    problem
        .packages()
        .forEach(
            (name, candidates) ->
                packages.put(
                    name,
                    candidates.stream().map(candidate -> only(name, candidate, kept)).toList()));
    List<Need> roots = kept.stream().filter(CoreNeed::isDirect).map(CoreNeed::need).toList();
    return Oracle.isSatisfiable(problem.request().withRoots(roots), packages);
  }

  private static Candidate only(String name, Candidate candidate, List<CoreNeed> kept) {
    Map<String, Candidate.Feature> features = new LinkedHashMap<>();
    candidate
        .features()
        .forEach(
            (feature, switched) ->
                features.put(
                    feature,
                    new Candidate.Feature(
                        only(name, candidate, feature, false, switched.needs(), kept),
                        switched.features())));
    return new Candidate(
        candidate.version(),
        only(name, candidate, "", false, candidate.needs(), kept),
        only(name, candidate, "", true, candidate.constraints(), kept),
        features,
        candidate.mask());
  }

  private static List<Need> only(
      String name,
      Candidate candidate,
      String feature,
      boolean constraint,
      List<Need> needs,
      List<CoreNeed> kept) {
    List<Need> left = new ArrayList<>();
    for (Need need : needs) {
      for (CoreNeed core : kept) {
        if (core.pkg().equals(name)
            && core.feature().equals(feature)
            && core.constraint() == constraint
            && core.versions().contains(candidate.version())
            && core.need().equals(need)) {
          left.add(need);
          break;
        }
      }
    }
    return left;
  }
}
