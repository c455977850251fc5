package dev.raya.cli.pm.install;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.console.Finding;
import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.name.Capability;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A package that needs more than the locked version did.
 *
 * @param now the package as it would be locked
 * @param more what it needs more, sorted
 */
record Growth(LockedPackage now, List<Capability> more) {
  /** Copies the list. */
  Growth {
    more = List.copyOf(more);
  }

  /** The packages of a new lockfile that grew; a package that was not locked before did not. */
  static List<Growth> between(@Nullable Lockfile before, Lockfile after) {
    List<Growth> grown = new ArrayList<>();
    if (before == null) {
      return grown;
    }
    for (LockedPackage now : after.packages()) {
      List<LockedPackage> former = before.versionsOf(now.name());
      List<Capability> more = new ArrayList<>(now.capabilities());
      for (LockedPackage each : former) {
        more.removeAll(each.capabilities());
      }
      if (!former.isEmpty() && !more.isEmpty()) {
        grown.add(new Growth(now, more));
      }
    }
    return grown;
  }

  /** The growth as a line. */
  String text() {
    return now.id() + " needs more than the locked version did: " + more;
  }

  /**
   * At trust level strict, what a version needs more is granted again for it, by name.
   *
   * @throws CommandException RAYA-SEC-021 with all that is not
   */
  static void requireGranted(List<Growth> grown, InstallRequest request) throws CommandException {
    List<Finding> findings = new ArrayList<>();
    for (Growth each : grown) {
      List<Capability> lacking = new ArrayList<>(each.more());
      lacking.removeAll(request.grants().getOrDefault(each.now().name(), List.of()));
      if (!lacking.isEmpty()) {
        findings.add(
            Finding.error(
                "RAYA-SEC-021",
                each.text(),
                "grant it with --grant "
                    + each.now().name()
                    + "="
                    + String.join(",", lacking.stream().map(Capability::text).toList())
                    + ", or stay with the locked version"));
      }
    }
    if (!findings.isEmpty()) {
      throw new CommandException(findings);
    }
  }
}
