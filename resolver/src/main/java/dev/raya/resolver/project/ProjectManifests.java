package dev.raya.resolver.project;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestDigest;
import dev.raya.resolver.name.PackageName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The manifests that a resolution reads: the project's and those of its path dependencies; and what
 * git and url dependencies came to.
 *
 * @param root the project's manifest
 * @param paths folder, relative to the root with {@code /}, to the manifest in it
 * @param foreign packages and registries from elsewhere
 */
public record ProjectManifests(Manifest root, Map<String, Manifest> paths, ForeignSources foreign) {
  /** Copies the map in, sorted. */
  public ProjectManifests {
    paths = Collections.unmodifiableMap(new TreeMap<>(paths));
  }

  /** A project without path dependencies. */
  public ProjectManifests(Manifest root) {
    this(root, Map.of(), ForeignSources.NONE);
  }

  /** A project with path dependencies and nothing from elsewhere. */
  public ProjectManifests(Manifest root, Map<String, Manifest> paths) {
    this(root, paths, ForeignSources.NONE);
  }

  /** The same manifests with what they take from elsewhere. */
  public ProjectManifests with(ForeignSources sources) {
    return new ProjectManifests(root, paths, sources);
  }

  /** The digest that a lockfile keeps: SHA-256 of the canonical JSON of what resolution reads. */
  public Digest digest() {
    Map<String, Manifest> members = new TreeMap<>(paths);
    members.put(".", root);
    return ManifestDigest.of(members);
  }

  /** What a git or url dependency came to, or null if the name is none. */
  @Nullable FetchedPackage fetched(PackageName name) {
    return foreign.fetched().get(name);
  }

  /** The manifest of a path or git package, or null if the name is neither. */
  @Nullable Manifest local(PackageName name) {
    String path = pathOf(name);
    return path != null
        ? paths.get(path)
        : fetched(name) instanceof FetchedPackage.FromGit git ? git.manifest() : null;
  }

  /** Whether there is one version of a package and no choice: a folder, a commit, an archive. */
  public boolean isFixed(PackageName name) {
    return pathOf(name) != null || fetched(name) != null;
  }

  /** The folder of a path package, or null if the name is none. */
  @Nullable String pathOf(PackageName name) {
    for (Map.Entry<String, Manifest> entry : paths.entrySet()) {
      if (name.equals(entry.getValue().name())) {
        return entry.getKey();
      }
    }
    return null;
  }

  /** The dependencies that are on without dev-dependencies. */
  public List<Dependency> productionDependencies() {
    return ActiveDependencies.of(root, List.of("default"));
  }

  /**
   * What the project itself asks for: its dependencies, those optional ones that its default
   * features bring in, and its dev-dependencies; an alias that is in both tables once.
   */
  List<Dependency> rootDependencies() {
    List<Dependency> all = new ArrayList<>(productionDependencies());
    for (Dependency dependency : root.devDependencies().values()) {
      if (all.stream().noneMatch(other -> other.alias().equals(dependency.alias()))) {
        all.add(dependency);
      }
    }
    return all;
  }
}
