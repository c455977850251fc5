package dev.raya.resolver.project;

import dev.raya.resolver.explain.Situation;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.solve.SolverRequest;
import dev.raya.resolver.solve.SolverResult;
import java.util.List;

/** How the resolution of a project ended. */
public sealed interface ProjectResolution {

  /**
   * All requirements are met.
   *
   * @param lockfile what was chosen
   * @param missing packages that need more than they were granted, by name
   */
  record Resolved(Lockfile lockfile, List<MissingGrant> missing) implements ProjectResolution {
    /** Copies the list in. */
    public Resolved {
      missing = List.copyOf(missing);
    }
  }

  /**
   * There is no solution, or the search was given up.
   *
   * @param request what was asked
   * @param candidates where the candidates came from, for the explanation
   * @param result how the search ended
   * @param situation what else the explanation tells of the project
   */
  record Failed(
      SolverRequest request, ProjectCandidates candidates, SolverResult result, Situation situation)
      implements ProjectResolution {}

  /**
   * A package that needs more than it may do (RAYA-SEC-020).
   *
   * @param name the package
   * @param version its version, as text
   * @param capabilities what is missing, sorted
   * @param path the shortest way from the project to it, the project left out
   * @param direct whether the project itself depends on it
   */
  record MissingGrant(
      PackageName name,
      String version,
      List<Capability> capabilities,
      List<PackageName> path,
      boolean direct) {
    /** Copies the lists in. */
    public MissingGrant {
      capabilities = Capability.sorted(capabilities);
      path = List.copyOf(path);
    }
  }
}
