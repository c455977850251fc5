package dev.raya.resolver.project;

import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.FeatureItem;
import dev.raya.resolver.manifest.Manifest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which dependencies a set of features switches on, and with which features of theirs. */
final class ActiveDependencies {
  private ActiveDependencies() {}

  /** The dependencies of a manifest that are on, in its order, with the features asked of each. */
  static List<Dependency> of(Manifest manifest, Collection<String> features) {
    Set<String> brought = new HashSet<>();
    List<FeatureItem.FeatureOf> asked = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(features);
    while (!open.isEmpty()) {
      String feature = open.pop();
      if (!seen.add(feature)) {
        continue;
      }
      for (FeatureItem item : manifest.features().getOrDefault(feature, List.of())) {
        switch (item) {
          case FeatureItem.OptionalDependency(var alias) -> brought.add(alias.text());
          case FeatureItem.OtherFeature(String other) -> open.push(other);
          case FeatureItem.FeatureOf of -> {
            brought.add(of.alias().text());
            asked.add(of);
          }
        }
      }
    }
    List<Dependency> active = new ArrayList<>();
    for (Map.Entry<?, Dependency> entry : manifest.dependencies().entrySet()) {
      Dependency dependency = entry.getValue();
      if (dependency.optional() && !brought.contains(dependency.alias().text())) {
        continue;
      }
      active.add(withFeatures(dependency, asked));
    }
    return active;
  }

  private static Dependency withFeatures(Dependency dependency, List<FeatureItem.FeatureOf> asked) {
    List<String> features = new ArrayList<>(dependency.features());
    for (FeatureItem.FeatureOf of : asked) {
      if (of.alias().equals(dependency.alias()) && !features.contains(of.feature())) {
        features.add(of.feature());
      }
    }
    return features.size() == dependency.features().size()
        ? dependency
        : new Dependency(
            dependency.alias(),
            dependency.name(),
            dependency.source(),
            dependency.range(),
            features,
            dependency.defaultFeatures(),
            dependency.optional(),
            dependency.targets(),
            dependency.grant(),
            dependency.position());
  }
}
