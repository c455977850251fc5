package dev.raya.vm.bytecode.compat;

import dev.raya.vm.bytecode.RbinModule;
import dev.raya.vm.bytecode.Usability;
import dev.raya.vm.bytecode.VerifiedModule;
import dev.raya.vm.bytecode.compat.InterfaceChange.Impact;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Compares what two versions of a package offer to those who import them ({@code rbin.md} 9): each
 * export of each importable module, each public and protected member of each exported class.
 *
 * <p>The rule is what callers may rely on. A function may take more and return less than before; a
 * constant may have a more specific type; an exported type must stay usable both where values of it
 * are made and where they are read, so it may only gain optional properties; a class may gain
 * members, unless they are abstract. Names of parameters, private members and whatever no export
 * reaches do not count. Templates of generic declarations have no types in the file, so their heads
 * are compared as text: any difference there counts as breaking.
 *
 * @param changes sorted by impact, module and item
 */
public record InterfaceComparison(List<InterfaceChange> changes) {
  private static final Comparator<InterfaceChange> ORDER =
      Comparator.comparing(InterfaceChange::impact)
          .thenComparing(InterfaceChange::module)
          .thenComparing(InterfaceChange::item)
          .thenComparing(InterfaceChange::what);

  /** Sorts and copies. */
  public InterfaceComparison {
    changes = changes.stream().sorted(ORDER).distinct().toList();
  }

  /** Compares two versions; both have been verified. */
  public static InterfaceComparison of(VerifiedModule before, VerifiedModule after) {
    if (sameDigest(before.module(), after.module())) {
      return new InterfaceComparison(List.of());
    }
    PackageInterface old = PackageInterface.of(before);
    PackageInterface now = PackageInterface.of(after);
    List<InterfaceChange> changes = new ArrayList<>();
    Usability usability = new Usability(old, now);
    TreeSet<String> modules = new TreeSet<>(old.modules().keySet());
    modules.addAll(now.modules().keySet());
    for (String module : modules) {
      Map<String, Offer> was = old.modules().get(module);
      Map<String, Offer> is = now.modules().get(module);
      if (was == null) {
        changes.add(new InterfaceChange(Impact.ADDITION, module, "", "the module is new"));
      } else if (is == null) {
        changes.add(new InterfaceChange(Impact.BREAKING, module, "", "the module is gone"));
      } else {
        new ModuleComparison(module, old, now, usability, changes).compare(was, is);
      }
    }
    return new InterfaceComparison(changes);
  }

  /** The changes that break users. */
  public List<InterfaceChange> breaking() {
    return changes.stream().filter(change -> change.impact() == Impact.BREAKING).toList();
  }

  /** Equal interface digests mean interchangeable interfaces ({@code rbin.md} 3.1). */
  private static boolean sameDigest(RbinModule before, RbinModule after) {
    return before.meta().packageName().equals(after.meta().packageName())
        && before.meta().interfaceDigest().equals(after.meta().interfaceDigest());
  }
}
