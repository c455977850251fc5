package dev.raya.cli.pm.install;

import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.solve.SolverRequest.Preference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a command asks of an install beyond the settings.
 *
 * @param verify hash every entry anew
 * @param rules what it adds to the rules of the resolution
 * @param update names that leave their locked version
 * @param grants capabilities to give, by package; written into the manifest
 * @param lockOnly only write the lockfile, fetch nothing
 * @param production fetch nothing that only dev-dependencies bring in
 */
public record InstallRequest(
    boolean verify,
    Rules rules,
    Set<PackageName> update,
    Map<PackageName, List<Capability>> grants,
    boolean lockOnly,
    boolean production) {
  /** A plain install. */
  public static final InstallRequest PLAIN =
      new InstallRequest(false, Rules.NONE, Set.of(), Map.of(), false, false);

  /**
   * What a command adds to the rules of the resolution.
   *
   * @param preReleases take pre-releases like any other version
   * @param preference which of the allowed versions is tried first
   * @param excludeNewer latest logged time of a version that is not locked, or null
   * @param refuseAdvised take no version that an advisory hits, locked or not
   */
  public record Rules(
      boolean preReleases,
      Preference preference,
      @Nullable Instant excludeNewer,
      boolean refuseAdvised) {
    /** Adds nothing. */
    public static final Rules NONE = new Rules(false, Preference.HIGHEST, null, false);

    /**
     * Whether they add nothing; without the code that a record's {@code equals} makes at run time.
     */
    public boolean isNone() {
      return !preReleases
          && preference == Preference.HIGHEST
          && excludeNewer == null
          && !refuseAdvised;
    }
  }

  /** Copies the collections. */
  public InstallRequest {
    update = Set.copyOf(update);
    Map<PackageName, List<Capability>> copy = new LinkedHashMap<>();
    for (Map.Entry<PackageName, List<Capability>> each : grants.entrySet()) {
      copy.put(each.getKey(), List.copyOf(each.getValue()));
    }
    grants = copy;
  }

  /** The same request with further grants. */
  public InstallRequest withGrants(Map<PackageName, List<Capability>> more) {
    Map<PackageName, List<Capability>> all = new LinkedHashMap<>(grants);
    more.forEach(
        (name, capabilities) -> {
          List<Capability> both = new ArrayList<>(all.getOrDefault(name, List.of()));
          both.addAll(capabilities);
          all.put(name, both);
        });
    return new InstallRequest(verify, rules, update, all, lockOnly, production);
  }

  /** The same request, for the lockfile alone. */
  public InstallRequest withLockOnly() {
    return new InstallRequest(verify, rules, update, grants, true, production);
  }

  /** The same request, with every entry hashed anew. */
  public InstallRequest verifying() {
    return new InstallRequest(true, rules, update, grants, lockOnly, production);
  }

  /** The same request with names that leave their locked version. */
  public InstallRequest withUpdate(Set<PackageName> names) {
    return new InstallRequest(verify, rules, names, grants, lockOnly, production);
  }

  /** The same request with other rules. */
  public InstallRequest withRules(Rules other) {
    return new InstallRequest(verify, other, update, grants, lockOnly, production);
  }

  /** Whether an unchanged project may be answered from its closure record. */
  boolean allowsRecord() {
    return !verify
        && rules.isNone()
        && update.isEmpty()
        && grants.isEmpty()
        && !lockOnly
        && !production;
  }
}
