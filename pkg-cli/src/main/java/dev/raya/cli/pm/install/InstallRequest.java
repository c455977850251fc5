package dev.raya.cli.pm.install;

import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
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
 * @param preReleases take pre-releases like any other version
 * @param excludeNewer latest logged time of a version that is not locked, or null
 * @param update names that leave their locked version
 * @param grants capabilities to give, by package; written into the manifest
 * @param lockOnly only write the lockfile, fetch nothing
 */
public record InstallRequest(
    boolean verify,
    boolean preReleases,
    @Nullable Instant excludeNewer,
    Set<PackageName> update,
    Map<PackageName, List<Capability>> grants,
    boolean lockOnly) {
  /** A plain install. */
  public static final InstallRequest PLAIN =
      new InstallRequest(false, false, null, Set.of(), Map.of(), false);

  /** Copies the collections. */
  public InstallRequest {
    update = Set.copyOf(update);
    Map<PackageName, List<Capability>> copy = new LinkedHashMap<>();
    grants.forEach((name, capabilities) -> copy.put(name, List.copyOf(capabilities)));
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
    return new InstallRequest(verify, preReleases, excludeNewer, update, all, lockOnly);
  }

  /** Whether an unchanged project may be answered from its closure record. */
  boolean allowsRecord() {
    return !verify
        && !preReleases
        && excludeNewer == null
        && update.isEmpty()
        && grants.isEmpty()
        && !lockOnly;
  }
}
