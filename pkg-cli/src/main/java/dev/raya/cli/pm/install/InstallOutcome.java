package dev.raya.cli.pm.install;

import java.util.List;

/**
 * What an install came to.
 *
 * @param packages how many packages the lockfile names
 * @param fetched how many came over the network
 * @param lockChanged whether the lockfile was written
 * @param upToDate whether the closure record answered it
 * @param growth lines about packages that need more than the locked version did
 */
public record InstallOutcome(
    int packages, int fetched, boolean lockChanged, boolean upToDate, List<String> growth) {
  /** Copies the list. */
  public InstallOutcome {
    growth = List.copyOf(growth);
  }

  /** The same outcome with the number of packages fetched. */
  InstallOutcome withFetched(int count) {
    return new InstallOutcome(packages, count, lockChanged, upToDate, growth);
  }
}
