package dev.raya.resolver.solve;

import dev.raya.resolver.version.Version;
import java.util.List;

/** How a search ended. */
public sealed interface SolverResult {

  /** What the search cost. */
  Statistics statistics();

  /**
   * Counts of a search.
   *
   * @param decisions versions tried
   * @param conflicts dead ends met
   */
  record Statistics(long decisions, long conflicts) {}

  /**
   * A version of the solution.
   *
   * @param name the package
   * @param version its version
   * @param features features that are switched on, sorted
   */
  record Chosen(String name, Version version, List<String> features) {
    /** Copies the list in. */
    public Chosen {
      features = List.copyOf(features);
    }
  }

  /**
   * There is a solution.
   *
   * @param chosen sorted by name and version: exactly what the roots pull in
   * @param statistics what it cost
   */
  record Solved(List<Chosen> chosen, Statistics statistics) implements SolverResult {
    /** Copies the list in. */
    public Solved {
      chosen = List.copyOf(chosen);
    }
  }

  /**
   * There is none.
   *
   * @param refutation why: a derivation of the contradiction from facts
   * @param statistics what it cost
   */
  record Unsolvable(Refutation refutation, Statistics statistics) implements SolverResult {}

  /**
   * The budget was used up.
   *
   * @param statistics what it cost
   */
  record GaveUp(Statistics statistics) implements SolverResult {}
}
