package dev.raya.resolver.solve.problem;

import dev.raya.cache.json.Json;
import dev.raya.resolver.explain.Conflict;
import dev.raya.resolver.explain.Explainer;
import dev.raya.resolver.solve.Catalog;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverRequest.Mode;
import dev.raya.resolver.solve.SolverResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * The answer to a problem, as {@code raya-pm resolve --problem} prints it ({@code FORMAT.md}).
 *
 * @param problem what was asked
 * @param result what the solver found
 * @param firstNanos CPU time of the first solve
 * @param medianNanos median CPU time of all solves
 * @param repetitions how often it was solved
 */
public record ProblemAnswer(
    Problem problem, SolverResult result, long firstNanos, long medianNanos, int repetitions) {
  private static final double NANOS_PER_MILLI = 1e6;

  /**
   * Solves a problem.
   *
   * @param repetitions how often, at least once
   * @param cpuClock CPU time of the calling thread in nanoseconds
   */
  public static ProblemAnswer solve(Problem problem, int repetitions, LongSupplier cpuClock) {
    if (repetitions < 1) {
      throw new IllegalArgumentException("repetitions must be at least 1, found " + repetitions);
    }
    Catalog catalog = new Catalog(problem.request(), problem.source());
    long[] nanos = new long[repetitions];
    long first = 0;
    SolverResult result = null;
    for (int i = 0; i < repetitions; i++) {
      long start = cpuClock.getAsLong();
      SolverResult found = new Solver(catalog).solve();
      nanos[i] = cpuClock.getAsLong() - start;
      if (result == null) {
        result = found;
        first = nanos[i];
      }
    }
    if (result == null) {
      throw new IllegalStateException("nothing was solved");
    }
    Arrays.sort(nanos);
    return new ProblemAnswer(problem, result, first, nanos[repetitions / 2], repetitions);
  }

  /** The answer as one object; {@code first_solve_ms} only where it was solved more than once. */
  public Json.Obj json() {
    Json.ObjectBuilder out = Json.object();
    switch (result) {
      case SolverResult.Solved solved -> out.put("status", "sat").put("versions", versions(solved));
      case SolverResult.Unsolvable unsolvable -> {
        Conflict conflict =
            new Explainer(problem.request(), problem.source(), problem.situation(), Long.MAX_VALUE)
                .explain(unsolvable);
        out.put("status", "unsat")
            .put("explanation", conflict.text())
            .put("core", conflict.coreJson());
      }
      case SolverResult.GaveUp gaveUp ->
          out.put("status", "gave-up")
              .put(
                  "reason",
                  "the budget of " + problem.request().conflictBudget() + " conflicts is used up");
    }
    out.put("decisions", result.statistics().decisions());
    out.put("conflicts", result.statistics().conflicts());
    out.put("solve_ms", millis(medianNanos));
    if (repetitions > 1) {
      out.put("first_solve_ms", millis(firstNanos));
    }
    return out.build();
  }

  /** Whether the search came to an end within its budget. */
  public boolean isAnswered() {
    return !(result instanceof SolverResult.GaveUp);
  }

  /**
   * The answer for people: what is chosen, why nothing can be, or that it was given up.
   *
   * @param json the answer as {@link #json} gives it, so that an explanation is made only once
   */
  public List<String> lines(Json.Obj json) {
    return switch (result) {
      case SolverResult.Solved solved ->
          solved.chosen().stream()
              .map(chosen -> chosen.name() + ' ' + chosen.version().text())
              .toList();
      case SolverResult.Unsolvable unsolvable -> text(json, "explanation");
      case SolverResult.GaveUp gaveUp -> text(json, "reason");
    };
  }

  private static List<String> text(Json.Obj json, String member) {
    return json.get(member) instanceof Json.Str(String text) ? text.lines().toList() : List.of();
  }

  private static Json millis(long nanos) {
    return new Json.Real(nanos / NANOS_PER_MILLI);
  }

  private Json versions(SolverResult.Solved solved) {
    Map<String, List<String>> versions = new TreeMap<>();
    for (SolverResult.Chosen chosen : solved.chosen()) {
      versions.computeIfAbsent(chosen.name(), n -> new ArrayList<>()).add(chosen.version().text());
    }
    Json.ObjectBuilder out = Json.object();
    versions.forEach(
        (name, list) ->
            out.put(
                name,
                problem.request().mode() == Mode.MAJORS
                    ? Json.strings(list)
                    : Json.of(list.getFirst())));
    return out.build();
  }
}
