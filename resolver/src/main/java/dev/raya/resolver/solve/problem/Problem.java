package dev.raya.resolver.solve.problem;

import dev.raya.resolver.explain.Places;
import dev.raya.resolver.explain.Relaxation;
import dev.raya.resolver.explain.Situation;
import dev.raya.resolver.solve.Candidate;
import dev.raya.resolver.solve.CandidateSource;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.version.Version;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A problem: what is asked and all the facts to answer it.
 *
 * @param name its label
 * @param request what is asked
 * @param packages every package's candidates, in the order written
 * @param expected what the answer should be, or null if the problem does not say
 */
public record Problem(
    String name,
    SolverRequest request,
    Map<String, List<Candidate>> packages,
    @Nullable Expected expected) {
  /** How the reason begins for which releases under the least age are left out. */
  static final String TOO_YOUNG = "too young";

  /** Copies the map in, keeping its order. */
  public Problem {
    packages = Collections.unmodifiableMap(new LinkedHashMap<>(packages));
  }

  /**
   * What the answer should be.
   *
   * @param satisfiable whether there is a solution
   * @param versions a solution; empty if none is given
   * @param exact whether {@code versions} is the only acceptable one
   */
  public record Expected(boolean satisfiable, Map<String, List<Version>> versions, boolean exact) {
    /** Copies the map in. */
    public Expected {
      versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }
  }

  /**
   * What an explanation may propose beyond changes of requirements: releases that are left out as
   * too young.
   */
  public Situation situation() {
    boolean some =
        packages.values().stream()
            .flatMap(List::stream)
            .anyMatch(candidate -> candidate.mask().startsWith(TOO_YOUNG));
    return some
        ? new Situation(
            Map.of(),
            "",
            List.of(
                new Relaxation(
                    "allow-young", "allow releases that are younger", withYoungReleases())),
            Places.NONE)
        : Situation.NONE;
  }

  private CandidateSource withYoungReleases() {
    return name ->
        CompletableFuture.completedFuture(
            packages.getOrDefault(name, List.of()).stream()
                .map(
                    candidate ->
                        candidate.mask().startsWith(TOO_YOUNG) ? candidate.unmasked() : candidate)
                .toList());
  }

  /** The candidates as the solver asks for them; an absent package has none. */
  public CandidateSource source() {
    return name ->
        CompletableFuture.completedFuture(packages.getOrDefault(name, List.<Candidate>of()));
  }
}
