package dev.raya.resolver.project;

import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.FeatureItem;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.metadata.PublishedDependency;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.solve.Candidate;
import dev.raya.resolver.version.VersionRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A requirement as an edge sees it, whether a manifest or published metadata states it.
 *
 * @param alias the name by which the dependent imports it
 * @param name the package
 * @param origin the registry it is to come from; null for the default one
 * @param range what is asked for, before overrides
 * @param asked features asked for, {@code default} among them unless it is switched off, sorted
 * @param grant what the dependent grants
 * @param development whether it is a dev-dependency
 */
record Wanted(
    PackageName alias,
    PackageName name,
    @Nullable String origin,
    VersionRange range,
    List<String> asked,
    List<Capability> grant,
    boolean development) {

  /** A dependency of a manifest. */
  static Wanted of(Dependency dependency, ForeignSources foreign) {
    return of(dependency, foreign, false);
  }

  private static Wanted of(Dependency dependency, ForeignSources foreign, boolean development) {
    return new Wanted(
        dependency.alias(),
        dependency.name(),
        foreign.originOf(dependency),
        dependency.rangeOrAny(),
        asked(dependency.features(), List.of(), dependency.defaultFeatures()),
        dependency.grant(),
        development);
  }

  /** What a package in a folder asks for with some features on; a member for development too. */
  static List<Wanted> of(
      ProjectManifests manifests, Manifest local, Collection<String> features, boolean member) {
    List<Wanted> wanted = new ArrayList<>(of(local, features, manifests.foreign()));
    if (member) {
      for (Dependency dependency : manifests.developmentOf(local)) {
        wanted.add(of(dependency, manifests.foreign(), true));
      }
    }
    return wanted;
  }

  /** The dependencies of a manifest that a set of its features switches on. */
  private static List<Wanted> of(
      Manifest manifest, Collection<String> features, ForeignSources foreign) {
    List<Wanted> wanted = new ArrayList<>();
    for (Dependency dependency : ActiveDependencies.of(manifest, features)) {
      wanted.add(of(dependency, foreign));
    }
    return wanted;
  }

  /**
   * The published dependencies that a set of features switches on.
   *
   * @param origin the registry of the version itself, whose dependencies stay there unless they say
   *     otherwise; null for the default one
   * @param dependencies all of the version
   * @param table its features
   * @param features those that are on
   */
  static List<Wanted> of(
      @Nullable String origin,
      List<PublishedDependency> dependencies,
      Map<String, List<String>> table,
      Collection<String> features) {
    Map<PackageName, Set<String>> brought = broughtIn(table, features);
    List<Wanted> wanted = new ArrayList<>();
    for (PublishedDependency dependency : dependencies) {
      Set<String> more = brought.get(dependency.alias());
      if (!dependency.optional() || more != null) {
        wanted.add(
            new Wanted(
                dependency.alias(),
                dependency.name(),
                dependency.registry() == null ? origin : dependency.registry(),
                dependency.range(),
                asked(
                    dependency.features(),
                    more == null ? List.of() : more,
                    dependency.defaultFeatures()),
                dependency.grant(),
                false));
      }
    }
    return wanted;
  }

  private static List<String> asked(
      Collection<String> own, Collection<String> more, boolean defaultFeatures) {
    Set<String> asked = new TreeSet<>(own);
    asked.addAll(more);
    if (defaultFeatures) {
      asked.add(Candidate.DEFAULT_FEATURE);
    }
    return List.copyOf(asked);
  }

  /** The dependencies that features name, with the features they ask of each. */
  private static Map<PackageName, Set<String>> broughtIn(
      Map<String, List<String>> table, Collection<String> switchedOn) {
    Map<PackageName, Set<String>> brought = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(switchedOn);
    while (!open.isEmpty()) {
      String feature = open.pop();
      if (!seen.add(feature)) {
        continue;
      }
      for (String item : table.getOrDefault(feature, List.of())) {
        switch (FeatureItem.tryParse(item)) {
          case FeatureItem.OtherFeature(String other) -> open.push(other);
          case FeatureItem.OptionalDependency(PackageName alias) ->
              brought.computeIfAbsent(alias, a -> new TreeSet<>());
          case FeatureItem.FeatureOf(PackageName alias, String asked) ->
              brought.computeIfAbsent(alias, a -> new TreeSet<>()).add(asked);
          case null -> {
            // The readers of metadata and index documents let no other text through.
          }
        }
      }
    }
    return brought;
  }
}
