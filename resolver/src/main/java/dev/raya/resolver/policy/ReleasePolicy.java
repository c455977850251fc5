package dev.raya.resolver.policy;

import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.name.PackageName;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which published versions are candidates at all (packages.md section 3; security.md "Policies").
 *
 * @param minReleaseAge least age of a version that is not locked
 * @param ageExempt packages to which no age applies
 * @param excludeNewer latest logged time of a version that is not locked, or null
 * @param licenses the licences that are taken, of locked versions too
 * @param refused advisories whose hits are no candidates, locked or not
 * @param yankedNever whether a yanked version is no candidate even if it is locked
 */
public record ReleasePolicy(
    Duration minReleaseAge,
    Set<PackageName> ageExempt,
    @Nullable Instant excludeNewer,
    LicensePolicy licenses,
    Advisories refused,
    boolean yankedNever) {
  /** Whatever is published. */
  public static final ReleasePolicy OPEN =
      new ReleasePolicy(Duration.ZERO, Set.of(), null, LicensePolicy.ANY, Advisories.NONE, false);

  /** Copies the set in. */
  public ReleasePolicy {
    ageExempt = Set.copyOf(ageExempt);
  }

  /** The same with another least age. */
  public ReleasePolicy withMinReleaseAge(Duration age) {
    return new ReleasePolicy(age, ageExempt, excludeNewer, licenses, refused, yankedNever);
  }

  /** The same with other licences. */
  public ReleasePolicy withLicenses(LicensePolicy taken) {
    return new ReleasePolicy(minReleaseAge, ageExempt, excludeNewer, taken, refused, yankedNever);
  }

  /** The same with advisories whose hits are refused. */
  public ReleasePolicy withRefused(Advisories advisories) {
    return new ReleasePolicy(
        minReleaseAge, ageExempt, excludeNewer, licenses, advisories, yankedNever);
  }

  /** The same with a latest logged time, or null for none. */
  public ReleasePolicy withExcludeNewer(@Nullable Instant newest) {
    return new ReleasePolicy(minReleaseAge, ageExempt, newest, licenses, refused, yankedNever);
  }
}
