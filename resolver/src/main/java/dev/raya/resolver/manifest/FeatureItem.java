package dev.raya.resolver.manifest;

import dev.raya.resolver.name.PackageName;
import org.jspecify.annotations.Nullable;

/** What a feature switches on (packages.md section 2, {@code [features]}). */
public sealed interface FeatureItem {

  /**
   * {@code dep:NAME}: an optional dependency.
   *
   * @param alias the dependency's key
   */
  record OptionalDependency(PackageName alias) implements FeatureItem {}

  /**
   * Another feature of the same package.
   *
   * @param feature its name
   */
  record OtherFeature(String feature) implements FeatureItem {}

  /**
   * {@code NAME/FEATURE}: a feature of a dependency, which it brings in if it is optional.
   *
   * @param alias the dependency's key
   * @param feature the feature's name there
   */
  record FeatureOf(PackageName alias, String feature) implements FeatureItem {}

  /** The item a text is, or null if it is none. */
  static @Nullable FeatureItem tryParse(String text) {
    if (text.startsWith("dep:")) {
      PackageName alias = PackageName.tryParse(text.substring(4));
      return alias == null ? null : new OptionalDependency(alias);
    }
    int slash = text.lastIndexOf('/');
    if (slash >= 0) {
      PackageName alias = PackageName.tryParse(text.substring(0, slash));
      String feature = text.substring(slash + 1);
      return alias == null || !isFeature(feature) ? null : new FeatureOf(alias, feature);
    }
    return isFeature(text) ? new OtherFeature(text) : null;
  }

  /** Whether the text is a feature's name: {@code [a-z0-9][a-z0-9_-]{0,63}}. */
  static boolean isFeature(String text) {
    if (text.isEmpty() || text.length() > 64) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!word && (i == 0 || (c != '-' && c != '_'))) {
        return false;
      }
    }
    return true;
  }

  /** The text as the manifest writes it. */
  default String text() {
    return switch (this) {
      case OptionalDependency(PackageName alias) -> "dep:" + alias;
      case OtherFeature(String feature) -> feature;
      case FeatureOf(PackageName alias, String feature) -> alias + "/" + feature;
    };
  }
}
