package dev.raya.resolver.project;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.manifest.Dependency;
import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.manifest.ManifestDigest;
import dev.raya.resolver.manifest.SourcePosition;
import dev.raya.resolver.name.PackageName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The manifests that a resolution reads: the project's, those of the members of its workspace and
 * those of its path dependencies; and what git and url dependencies came to. A member is a package
 * in a folder that the project itself needs, that has its dev-dependencies too, and may do
 * everything.
 *
 * @param root the project's manifest
 * @param paths folder, relative to the root with {@code /}, to the manifest in it
 * @param foreign packages and registries from elsewhere
 * @param members the folders among {@code paths} that are members of the workspace
 */
public record ProjectManifests(
    Manifest root, Map<String, Manifest> paths, ForeignSources foreign, Set<String> members) {
  /**
   * Copies the collections in, sorted.
   *
   * @throws IllegalArgumentException if a member has no manifest
   */
  public ProjectManifests {
    paths = Collections.unmodifiableMap(new TreeMap<>(paths));
    members = Collections.unmodifiableSet(new TreeSet<>(members));
    if (!paths.keySet().containsAll(members)) {
      throw new IllegalArgumentException("a member has no manifest: " + members);
    }
  }

  /** A project that is no workspace. */
  public ProjectManifests(Manifest root, Map<String, Manifest> paths, ForeignSources foreign) {
    this(root, paths, foreign, Set.of());
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
    return new ProjectManifests(root, paths, sources, members);
  }

  /** The digest that a lockfile keeps: SHA-256 of the canonical JSON of what resolution reads. */
  public Digest digest() {
    Map<String, Manifest> all = new TreeMap<>(paths);
    all.put(".", root);
    return ManifestDigest.of(all);
  }

  /** All manifests that were read, the project's first. */
  List<Manifest> all() {
    List<Manifest> all = new ArrayList<>();
    all.add(root);
    all.addAll(paths.values());
    for (FetchedPackage each : foreign.fetched().values()) {
      if (each instanceof FetchedPackage.FromGit git) {
        all.add(git.manifest());
      }
    }
    return all;
  }

  /** What a git or url dependency came to, or null if the name is none. */
  @Nullable FetchedPackage fetched(PackageName name) {
    return foreign.fetched().get(name);
  }

  /** The manifest of a path or git package, or null if the name is neither. */
  public @Nullable Manifest local(PackageName name) {
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

  /** Whether a package is a member of the workspace. */
  boolean isMember(PackageName name) {
    String path = pathOf(name);
    return path != null && members.contains(path);
  }

  /** The dependencies that are on without dev-dependencies, and the members. */
  public List<Dependency> productionDependencies() {
    List<Dependency> all = new ArrayList<>(ActiveDependencies.of(root, List.of("default")));
    for (String member : members) {
      Manifest manifest = paths.get(member);
      PackageName name = manifest == null ? null : manifest.name();
      if (manifest != null && name != null) {
        all.add(
            new Dependency(
                name,
                name,
                new Dependency.Source.Path(member),
                null,
                List.of(),
                true,
                false,
                List.of(),
                List.of(),
                SourcePosition.beginning(manifest.file())));
      }
    }
    return all;
  }

  /**
   * What the project itself asks for: its dependencies, those optional ones that its default
   * features bring in, its members, and its dev-dependencies; an alias that is in both tables once.
   */
  public List<Dependency> rootDependencies() {
    return withDevelopment(productionDependencies(), root);
  }

  /** The dev-dependencies that a member adds to what its features switch on. */
  List<Dependency> developmentOf(Manifest member) {
    List<Dependency> used = List.copyOf(member.dependencies().values());
    List<Dependency> all = withDevelopment(used, member);
    return all.subList(used.size(), all.size());
  }

  private static List<Dependency> withDevelopment(List<Dependency> used, Manifest manifest) {
    List<Dependency> all = new ArrayList<>(used);
    for (Dependency dependency : manifest.devDependencies().values()) {
      if (used.stream().noneMatch(other -> other.alias().equals(dependency.alias()))) {
        all.add(dependency);
      }
    }
    return all;
  }
}
