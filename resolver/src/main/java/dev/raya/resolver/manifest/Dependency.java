package dev.raya.resolver.manifest;

import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.VersionRange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code [dependencies]}, {@code [dev-dependencies]} or {@code
 * [workspace.dependencies]}.
 *
 * @param alias the key: the name by which this package's code imports it
 * @param name the package, the alias itself unless {@code package} says otherwise
 * @param source where it comes from
 * @param range what is asked for; null only where the source needs none (path, git, url, workspace)
 * @param features features asked for
 * @param defaultFeatures whether its {@code default} feature is asked for
 * @param optional whether only a feature brings it in
 * @param targets targets it is installed for; empty for all
 * @param grant what it may do
 * @param position where it is written
 */
public record Dependency(
    PackageName alias,
    PackageName name,
    Source source,
    @Nullable VersionRange range,
    List<String> features,
    boolean defaultFeatures,
    boolean optional,
    List<String> targets,
    List<Capability> grant,
    SourcePosition position) {

  /** Copies the lists in. */
  public Dependency {
    features = List.copyOf(features);
    targets = List.copyOf(targets);
    grant = Capability.sorted(grant);
  }

  /** The range asked for, {@code *} where none is written. */
  public VersionRange rangeOrAny() {
    return range == null ? VersionRange.ANY : range;
  }

  /** Where a package comes from. */
  public sealed interface Source {

    /**
     * A registry.
     *
     * @param key a key of {@code [registries]}, or null for the default registry
     */
    record Registry(@Nullable String key) implements Source {}

    /**
     * A folder with a {@code raya.toml}.
     *
     * @param path relative to the manifest's folder, with {@code /}
     */
    record Path(String path) implements Source {}

    /**
     * A git repository.
     *
     * @param url its address
     * @param kind which of {@code tag}, {@code branch}, {@code rev} is given; null for the default
     *     branch
     * @param reference the tag's, branch's or commit's name; null with {@code kind}
     */
    record Git(String url, @Nullable GitReference kind, @Nullable String reference)
        implements Source {}

    /**
     * An archive on the web, pinned by the lockfile.
     *
     * @param url its address
     */
    record Url(String url) implements Source {}

    /** What {@code [workspace.dependencies]} of the workspace's root says. */
    record Workspace() implements Source {}
  }

  /** How a commit of a git repository is named. */
  public enum GitReference {
    /** {@code tag}. */
    TAG("tag"),
    /** {@code branch}. */
    BRANCH("branch"),
    /** {@code rev}: a commit. */
    REV("rev");

    private final String key;

    GitReference(String key) {
      this.key = key;
    }

    /** The manifest's key. */
    public String key() {
      return key;
    }
  }
}
