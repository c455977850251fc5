package dev.raya.cli.pm.install;

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
}
