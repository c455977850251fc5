package dev.raya.resolver.solve;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Where the solver learns which versions of a package there are. Asked lazily, only for packages
 * that the search reaches or is likely to; answers may come in any order and from any thread.
 */
@FunctionalInterface
public interface CandidateSource {
  /**
   * All versions of a package, in any order; none if there is no such package.
   *
   * @return a stage that completes exceptionally where the answer cannot be had
   */
  CompletionStage<List<Candidate>> candidates(String name);
}
