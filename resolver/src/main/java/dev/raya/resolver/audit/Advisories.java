package dev.raya.resolver.audit;

import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The advisories of a registry, found by package. Immutable. */
public final class Advisories {
  /** No advisories. */
  public static final Advisories NONE = new Advisories(List.of());

  private final List<Advisory> all;
  private final Map<PackageName, List<Advisory>> byPackage = new HashMap<>();

  /** Takes advisories; those that affect no Raya package are of no effect. */
  public Advisories(List<Advisory> advisories) {
    this.all = advisories.stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
    for (Advisory advisory : all) {
      advisory.affected().stream()
          .map(Advisory.Affected::name)
          .distinct()
          .forEach(name -> byPackage.computeIfAbsent(name, n -> new ArrayList<>()).add(advisory));
    }
  }

  /** How many there are. */
  public int size() {
    return all.size();
  }

  /** The advisories that hit a version, by identifier. */
  public List<Advisory> hitting(PackageName name, Version version) {
    List<Advisory> hits = new ArrayList<>();
    for (Advisory advisory : byPackage.getOrDefault(name, List.of())) {
      if (advisory.hits(name, version)) {
        hits.add(advisory);
      }
    }
    return List.copyOf(hits);
  }
}
