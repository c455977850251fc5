package dev.raya.resolver.solve;

import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.solve.problem.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the collection cannot solve is refuted by cores that SAT4J finds minimal. */
final class CollectionCoresTest {
  @Test
  void coresOfTheCollectionAreMinimal() {
    for (String file :
        List.of(
            "known/dart.jsonl",
            "known/cargo.jsonl",
            "known/resolvo.jsonl",
            "known/pubgrub-large.jsonl.gz",
            "policy/policy.jsonl",
            "generated/ecosystem-800-s11-clash-single.json.gz",
            "generated/pigeons-5.json.gz",
            "real/npm-site-single.json.gz")) {
      for (Problem problem : Problems.in(file)) {
        if (new Solver(problem.request(), problem.source()).solve() instanceof Unsolvable refuted) {
          OracleTest.checkCore(problem, refuted);
        }
      }
    }
  }
}
