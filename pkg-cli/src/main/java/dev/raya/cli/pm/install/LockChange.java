package dev.raya.cli.pm.install;

import dev.raya.resolver.lock.LockedPackage;
import dev.raya.resolver.lock.Lockfile;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A package whose locked version is another than before.
 *
 * @param name the package
 * @param from its version before, or null if it was not there
 * @param to its version now, or null if it is not there any more
 * @param newCapabilities what the new version needs and the old one did not
 */
public record LockChange(
    PackageName name,
    @Nullable Version from,
    @Nullable Version to,
    List<Capability> newCapabilities) {

  /** Copies the list. */
  public LockChange {
    newCapabilities = List.copyOf(newCapabilities);
    if (from == null && to == null) {
      throw new IllegalArgumentException("neither before nor after");
    }
  }

  /**
   * What differs between two lockfiles, by name. Versions on the same compatibility line belong
   * together; what is then left over of a name is paired in ascending order.
   */
  public static List<LockChange> between(@Nullable Lockfile before, Lockfile after) {
    TreeSet<PackageName> names = new TreeSet<>();
    List<LockedPackage> former = before == null ? List.of() : before.packages();
    former.forEach(each -> names.add(each.name()));
    after.packages().forEach(each -> names.add(each.name()));
    List<LockChange> changes = new ArrayList<>();
    for (PackageName name : names) {
      List<LockedPackage> old =
          new ArrayList<>(before == null ? List.of() : before.versionsOf(name));
      List<LockedPackage> now = new ArrayList<>(after.versionsOf(name));
      takeEqual(old, now);
      pairLines(old, now, changes);
      while (!old.isEmpty() && !now.isEmpty()) {
        changes.add(of(old.removeFirst(), now.removeFirst()));
      }
      old.forEach(each -> changes.add(of(each, null)));
      now.forEach(each -> changes.add(of(null, each)));
    }
    return changes;
  }

  private static void takeEqual(List<LockedPackage> old, List<LockedPackage> now) {
    for (LockedPackage each : List.copyOf(old)) {
      if (now.removeIf(other -> other.version().equals(each.version()))) {
        old.remove(each);
      }
    }
  }

  private static void pairLines(
      List<LockedPackage> old, List<LockedPackage> now, List<LockChange> changes) {
    for (LockedPackage each : List.copyOf(old)) {
      for (LockedPackage other : List.copyOf(now)) {
        if (old.contains(each) && other.version().line().equals(each.version().line())) {
          changes.add(of(each, other));
          old.remove(each);
          now.remove(other);
        }
      }
    }
  }

  private static LockChange of(@Nullable LockedPackage old, @Nullable LockedPackage now) {
    List<Capability> more = new ArrayList<>(now == null ? List.of() : now.capabilities());
    if (old != null) {
      more.removeAll(old.capabilities());
    }
    LockedPackage either = old == null ? now : old;
    if (either == null) {
      throw new IllegalStateException("neither before nor after");
    }
    return new LockChange(
        either.name(),
        old == null ? null : old.version(),
        now == null ? null : now.version(),
        more);
  }
}
