package dev.raya.resolver.project;

import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.policy.ReleasePolicy;
import dev.raya.resolver.solve.SolverRequest.Preference;
import dev.raya.resolver.version.Version;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a command adds to the manifests.
 *
 * @param preReleases whether pre-releases match like any other version
 * @param preference which version is tried first
 * @param now the time that ages are counted from
 * @param policy which published versions are candidates
 * @param toolchain version that {@code raya} ranges are compared with
 * @param origin the default registry's own name for itself
 * @param update names that are not kept at their locked version
 * @param updateAll whether none is
 * @param granted what every package may do without being asked: {@code time} and {@code random}
 *     unless the trust level or {@code --deny} takes them away
 */
public record ResolveOptions(
    boolean preReleases,
    Preference preference,
    Instant now,
    ReleasePolicy policy,
    Version toolchain,
    String origin,
    Set<PackageName> update,
    boolean updateAll,
    List<Capability> granted) {
  /** What everybody may do at the trust levels {@code normal} and {@code permissive}. */
  public static final List<Capability> EVERYBODY =
      List.of(new Capability("random"), new Capability("time"));

  /** Copies the collections in. */
  public ResolveOptions {
    update = Set.copyOf(update);
    granted = Capability.sorted(granted);
  }

  /** Options of a plain install. */
  public static ResolveOptions install(Instant now, Version toolchain, String origin) {
    return new ResolveOptions(
        false,
        Preference.HIGHEST,
        now,
        ReleasePolicy.OPEN,
        toolchain,
        origin,
        Set.of(),
        false,
        EVERYBODY);
  }

  /** The same options under another policy. */
  public ResolveOptions withPolicy(ReleasePolicy other) {
    return new ResolveOptions(
        preReleases, preference, now, other, toolchain, origin, update, updateAll, granted);
  }

  /** The same options with another preference. */
  public ResolveOptions withPreference(Preference other) {
    return new ResolveOptions(
        preReleases, other, now, policy, toolchain, origin, update, updateAll, granted);
  }

  /** The same options, where pre-releases match like any other version or not. */
  public ResolveOptions withPreReleases(boolean allowed) {
    return new ResolveOptions(
        allowed, preference, now, policy, toolchain, origin, update, updateAll, granted);
  }

  /** The same options with names that leave their locked version. */
  public ResolveOptions withUpdate(Set<PackageName> names) {
    return new ResolveOptions(
        preReleases, preference, now, policy, toolchain, origin, names, updateAll, granted);
  }
}
