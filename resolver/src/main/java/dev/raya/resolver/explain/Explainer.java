package dev.raya.resolver.explain;

import dev.raya.resolver.explain.Availability.State;
import dev.raya.resolver.solve.CandidateSource;
import dev.raya.resolver.solve.Core;
import dev.raya.resolver.solve.CoreMinimizer;
import dev.raya.resolver.solve.CoreNeed;
import dev.raya.resolver.solve.Solver;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverResult;
import dev.raya.resolver.solve.SolverResult.Solved;
import dev.raya.resolver.solve.SolverResult.Unsolvable;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Says why a request has no solution: a minimal set of requirements that contradict each other, the
 * derivation in words, what was left out, and changes that were tried and do resolve.
 */
public final class Explainer {
  /** Conflicts that one probe of the shrinking or one tried change may take. */
  private static final long PROBE_BUDGET = 20_000;

  /** Decisions that shrinking may take for a message that a user reads. */
  public static final long DEFAULT_EFFORT = 200_000;

  private final long effort;
  private final SolverRequest request;
  private final CandidateSource source;
  private final Availability availability;

  /** Takes the request that has no solution, and the same source as the solver had. */
  public Explainer(SolverRequest request, CandidateSource source) {
    this(request, source, Situation.NONE, DEFAULT_EFFORT);
  }

  /**
   * As {@link #Explainer(SolverRequest, CandidateSource)}, with what is known of the project.
   *
   * @param request the request that has no solution
   * @param source the same source as the solver had
   * @param situation where things are written, and which rules could be let go
   * @param effort decisions that shrinking may take before it is left as it is
   */
  public Explainer(
      SolverRequest request, CandidateSource source, Situation situation, long effort) {
    this.effort = effort;
    this.request = request;
    this.source = source;
    this.availability = new Availability(request, source, situation);
  }

  /**
   * Solves a request, or explains why that cannot be.
   *
   * @throws ResolutionException if there is no solution or the search was given up
   * @throws java.util.concurrent.CompletionException if the source could not answer; its cause says
   *     why
   */
  public static Solved solve(SolverRequest request, CandidateSource source, Situation situation)
      throws ResolutionException {
    return switch (new Solver(request, source).solve()) {
      case Solved solved -> solved;
      case Unsolvable unsolvable ->
          throw new Explainer(request, source, situation, DEFAULT_EFFORT).refusal(unsolvable);
      case SolverResult.GaveUp gaveUp ->
          throw new ResolutionException.BudgetExhausted(gaveUp.statistics().conflicts());
    };
  }

  /** The refusal for a contradiction, with its code. */
  public ResolutionException refusal(Unsolvable unsolvable) {
    return refusal(explain(unsolvable));
  }

  /** Why there is no solution. */
  public Conflict explain(Unsolvable unsolvable) {
    Core core =
        new CoreMinimizer(request, source, PROBE_BUDGET, effort).minimise(unsolvable.refutation());
    return new Conflict(
        core,
        Derivation.of(core, request.roots(), availability),
        leftOut(core),
        Suggestions.of(availability, core, PROBE_BUDGET),
        availability.situation().places());
  }

  private List<LeftOut> leftOut(Core core) {
    Map<String, Map<String, Set<Version>>> byPackage = new TreeMap<>();
    for (CoreNeed need : core.needs()) {
      Map<Version, String> left = availability.leftOut(need);
      left.forEach(
          (version, reason) ->
              byPackage
                  .computeIfAbsent(need.need().name(), n -> new LinkedHashMap<>())
                  .computeIfAbsent(reason, r -> new LinkedHashSet<>())
                  .add(version));
    }
    List<LeftOut> notes = new ArrayList<>();
    byPackage.forEach(
        (name, reasons) ->
            reasons.forEach(
                (reason, versions) ->
                    notes.add(new LeftOut(name, reason, versions.stream().sorted().toList()))));
    return notes;
  }

  /**
   * A requirement that nothing can meet has a code of its own, if that is all there is to the
   * contradiction.
   */
  private ResolutionException refusal(Conflict conflict) {
    CoreNeed dead = null;
    Set<State> states = new LinkedHashSet<>();
    Map<String, List<CoreNeed>> met = new LinkedHashMap<>();
    for (CoreNeed need : conflict.core().needs()) {
      State state = availability.state(need);
      if (state == State.MET) {
        met.computeIfAbsent(need.need().name(), n -> new ArrayList<>()).add(need);
      } else {
        states.add(state);
        dead = dead == null ? need : dead;
      }
    }
    boolean clash = met.values().stream().anyMatch(availability::clash);
    if (dead == null || clash || states.size() > 1) {
      return new ResolutionException.NoSolution(conflict);
    }
    String name = dead.need().name();
    return switch (states.iterator().next()) {
      case MET -> new ResolutionException.NoSolution(conflict);
      case NO_PACKAGE -> new ResolutionException.NoSuchPackage(name, List.of(), conflict);
      case NO_VERSION, NO_FEATURE ->
          new ResolutionException.NoSuchVersion(
              name,
              dead.need().requiredFeatures(),
              availability.effective(dead),
              availability.versions(name),
              conflict);
      case ONLY_MASKED ->
          new ResolutionException.OnlyMaskedVersions(
              name, availability.effective(dead), availability.leftOut(dead), conflict);
    };
  }
}
