package dev.raya.resolver.solve;

import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is to be solved (packages.md section 3; {@code data/resolver/FORMAT.md}).
 *
 * @param roots what the project asks for, in its order
 * @param mode whether compatibility lines of one name may live side by side
 * @param singletons names that stay single in every mode
 * @param locked versions to keep if they are still allowed
 * @param overrides ranges that replace every requirement on a name; a key {@code a>b} only those of
 *     {@code a}
 * @param preReleases whether pre-releases match like any other version
 * @param preference which of the allowed versions is tried first
 * @param conflictBudget conflicts after which the search gives up
 */
public record SolverRequest(
    List<Need> roots,
    Mode mode,
    Set<String> singletons,
    Map<String, List<Version>> locked,
    Map<String, VersionRange> overrides,
    boolean preReleases,
    Preference preference,
    long conflictBudget) {
  /** Conflicts that real graphs never reach. */
  public static final long DEFAULT_BUDGET = 2_000_000;

  /** How many versions of a name there may be. */
  public enum Mode {
    /** One for each compatibility line. */
    MAJORS,
    /** One. */
    SINGLE
  }

  /** Which version is tried first. */
  public enum Preference {
    /** The highest. */
    HIGHEST,
    /** The lowest. */
    LOWEST,
    /** The lowest of what the project asks for itself, else the highest. */
    LOWEST_DIRECT
  }

  /** Copies the collections in; maps are sorted. */
  public SolverRequest {
    roots = List.copyOf(roots);
    singletons = Set.copyOf(singletons);
    locked = Collections.unmodifiableMap(new TreeMap<>(locked));
    overrides = Collections.unmodifiableMap(new TreeMap<>(overrides));
  }

  /** A request for the highest versions of some needs, with nothing locked. */
  public static SolverRequest of(List<Need> roots, Mode mode) {
    return new SolverRequest(
        roots, mode, Set.of(), Map.of(), Map.of(), false, Preference.HIGHEST, DEFAULT_BUDGET);
  }

  /**
   * The range that a requirement really has: an override replaces it.
   *
   * @param from who requires; empty for the project
   */
  public VersionRange effective(String from, Need need) {
    if (overrides.isEmpty()) {
      return need.range();
    }
    String name = plain(need.name());
    VersionRange nested = overrides.get(plain(from) + '>' + name);
    return nested != null ? nested : overrides.getOrDefault(name, need.range());
  }

  /** Overrides name packages; what follows a space in the solver's name tells the registry. */
  private static String plain(String name) {
    int space = name.indexOf(' ');
    return space < 0 ? name : name.substring(0, space);
  }

  /** The same request with other overrides. */
  public SolverRequest withOverrides(Map<String, VersionRange> newOverrides) {
    return new SolverRequest(
        roots, mode, singletons, locked, newOverrides, preReleases, preference, conflictBudget);
  }

  /** The same request, where pre-releases match like any other version or not. */
  public SolverRequest withPreReleases(boolean allowed) {
    return new SolverRequest(
        roots, mode, singletons, locked, overrides, allowed, preference, conflictBudget);
  }

  /** The same request in another mode. */
  public SolverRequest withMode(Mode newMode) {
    return new SolverRequest(
        roots, newMode, singletons, locked, overrides, preReleases, preference, conflictBudget);
  }

  /** The same request with another budget. */
  public SolverRequest withConflictBudget(long conflicts) {
    return new SolverRequest(
        roots, mode, singletons, locked, overrides, preReleases, preference, conflicts);
  }

  /** The same request with other roots. */
  public SolverRequest withRoots(List<Need> newRoots) {
    return new SolverRequest(
        newRoots, mode, singletons, locked, overrides, preReleases, preference, conflictBudget);
  }
}
