package dev.raya.resolver.project;

import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.name.PackageName;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What manifests take from elsewhere than the default registry and this machine's folders.
 *
 * @param fetched what git and url dependencies came to, by package name
 * @param origins origin of each registry that a manifest names, by {@link #key}
 */
public record ForeignSources(
    Map<PackageName, FetchedPackage> fetched, Map<String, String> origins) {
  /** Nothing. */
  public static final ForeignSources NONE = new ForeignSources(Map.of(), Map.of());

  /** Copies the maps in, sorted. */
  public ForeignSources {
    fetched = Collections.unmodifiableMap(new TreeMap<>(fetched));
    origins = Collections.unmodifiableMap(new TreeMap<>(origins));
  }

  /** Whether there is nothing of it. */
  public boolean isEmpty() {
    return fetched.isEmpty() && origins.isEmpty();
  }

  /**
   * The key of a registry in {@link #origins}: two manifests may call different registries alike.
   *
   * @param manifestFile {@link Manifest#file} of the manifest that names it
   * @param registry its key there
   */
  public static String key(String manifestFile, String registry) {
    return manifestFile + '\n' + registry;
  }

  /** The origin that a manifest's dependency comes from; null for the default registry. */
  @Nullable String originOf(Dependency dependency) {
    if (!(dependency.source() instanceof Dependency.Source.Registry(String registry))
        || registry == null) {
      return null;
    }
    String origin = origins.get(key(dependency.position().file(), registry));
    if (origin == null) {
      throw new IllegalStateException(
          dependency.position() + ": the registry " + registry + " was not looked up");
    }
    return origin;
  }
}
