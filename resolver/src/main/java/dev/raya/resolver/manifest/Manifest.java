package dev.raya.resolver.manifest;

import dev.raya.cache.json.Json;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.ModulePath;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.policy.LicensePolicy;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code raya.toml} (packages.md section 2), checked. Maps keep the order of the file.
 *
 * @param file the file's name as the user knows it
 * @param about {@code [package]}; null in a workspace root that is no package itself
 * @param exports {@code [exports]}: module path to source file
 * @param dependencies {@code [dependencies]} by alias
 * @param devDependencies {@code [dev-dependencies]} by alias
 * @param constraints {@code [constraints]}
 * @param grants {@code [grants]}; counts in the root only
 * @param features {@code [features]}
 * @param natives {@code [native.NAME]}
 * @param bin {@code [bin]}: command to source file
 * @param scripts {@code [scripts]}
 * @param resolution {@code [resolution]}
 * @param policy {@code [policy]}
 * @param workspace {@code [workspace]}, or null
 * @param toolchain {@code [toolchain] version}, or null if none is pinned
 * @param registries {@code [registries]}
 * @param trustLevel {@code [trust] level}, or null
 * @param warnings unknown keys, RAYA-PKG-004
 * @param resolutionInput the tables that resolution reads, as parsed: the input of {@link
 *     ManifestDigest}
 */
public record Manifest(
    String file,
    @Nullable PackageSection about,
    Map<ModulePath, String> exports,
    Map<PackageName, Dependency> dependencies,
    Map<PackageName, Dependency> devDependencies,
    Map<PackageName, Constraint> constraints,
    Map<PackageName, List<Capability>> grants,
    Map<String, List<FeatureItem>> features,
    Map<String, NativeModule> natives,
    Map<String, String> bin,
    Map<String, String> scripts,
    ResolutionSection resolution,
    PolicySection policy,
    @Nullable WorkspaceSection workspace,
    @Nullable Version toolchain,
    Map<String, RegistryEntry> registries,
    @Nullable String trustLevel,
    List<ManifestFault> warnings,
    Json.Obj resolutionInput) {

  /** The file's name in a project. */
  public static final String FILE_NAME = "raya.toml";

  /** Copies the collections in. */
  public Manifest {
    exports = copy(exports);
    dependencies = copy(dependencies);
    devDependencies = copy(devDependencies);
    constraints = copy(constraints);
    grants = copy(grants);
    features = copy(features);
    natives = copy(natives);
    bin = copy(bin);
    scripts = copy(scripts);
    registries = copy(registries);
    warnings = List.copyOf(warnings);
  }

  private static <K, V> Map<K, V> copy(Map<K, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** The same manifest with other dependencies and registries. */
  Manifest withDependencies(
      Map<PackageName, Dependency> used,
      Map<PackageName, Dependency> developed,
      Map<String, RegistryEntry> known) {
    return new Manifest(
        file,
        about,
        exports,
        used,
        developed,
        constraints,
        grants,
        features,
        natives,
        bin,
        scripts,
        resolution,
        policy,
        workspace,
        toolchain,
        known,
        trustLevel,
        warnings,
        resolutionInput);
  }

  /** The package's name, or null in a workspace root that is no package. */
  public @Nullable PackageName name() {
    return about == null ? null : about.name();
  }

  /** The package's version, or null if none is written. */
  public @Nullable Version version() {
    return about == null ? null : about.version();
  }

  /**
   * {@code [package]}.
   *
   * @param name the package's name
   * @param version its version; null where none is written (an application)
   * @param description one line
   * @param authors {@code Name <address>}
   * @param license SPDX expression, or empty
   * @param repository address, or empty
   * @param keywords at most 8
   * @param main source file of the main module, or null
   * @param raya toolchains it runs on, {@code *} if not written
   * @param include patterns of what is packed; empty for the default
   * @param includeSource whether sources are packed
   * @param rayaPosition where {@code raya} is written, or null
   */
  public record PackageSection(
      PackageName name,
      @Nullable Version version,
      String description,
      List<String> authors,
      String license,
      String repository,
      List<String> keywords,
      @Nullable String main,
      VersionRange raya,
      List<String> include,
      boolean includeSource,
      @Nullable SourcePosition rayaPosition) {
    /** Copies the lists in. */
    public PackageSection {
      authors = List.copyOf(authors);
      keywords = List.copyOf(keywords);
      include = List.copyOf(include);
    }
  }

  /**
   * One entry of {@code [constraints]}.
   *
   * @param name the package it binds if it is in the graph
   * @param range what it allows
   * @param position where it is written
   */
  public record Constraint(PackageName name, VersionRange range, SourcePosition position) {}

  /**
   * {@code [native.NAME]}.
   *
   * @param module its name
   * @param abi version of the native interface
   * @param artifacts target to file
   */
  public record NativeModule(String module, String abi, Map<String, String> artifacts) {
    /** Copies the map in. */
    public NativeModule {
      artifacts = copy(artifacts);
    }
  }

  /**
   * {@code [resolution]}.
   *
   * @param strict whether one version per name is asked for in the whole graph
   * @param targets targets to lock for; empty for all
   * @param minReleaseAge least age of a version; null if not written
   * @param overrides {@code [resolution.override]}, in the order written
   */
  public record ResolutionSection(
      boolean strict,
      List<String> targets,
      @Nullable Duration minReleaseAge,
      List<Override> overrides) {
    /** What a manifest without the table says. */
    public static final ResolutionSection DEFAULT =
        new ResolutionSection(false, List.of(), null, List.of());

    /** Copies the lists in. */
    public ResolutionSection {
      targets = List.copyOf(targets);
      overrides = List.copyOf(overrides);
    }
  }

  /**
   * One entry of {@code [resolution.override]}: {@code http = "1.5.3"} or {@code "a>http" = "…"}.
   *
   * @param dependent the package whose requirement it replaces; null for everybody's
   * @param name the package required
   * @param range the requirement instead
   * @param position where it is written
   */
  public record Override(
      @Nullable PackageName dependent,
      PackageName name,
      VersionRange range,
      SourcePosition position) {}

  /**
   * {@code [policy]}: what the project takes of what is published. It can only narrow what the
   * user's configuration takes.
   *
   * @param licenses which licences
   * @param refusesAdvised whether versions that an advisory hits are no candidates
   */
  public record PolicySection(LicensePolicy licenses, boolean refusesAdvised) {
    /** What a manifest without the table says. */
    public static final PolicySection DEFAULT = new PolicySection(LicensePolicy.ANY, false);
  }

  /**
   * {@code [workspace]}.
   *
   * @param members folder patterns, for example {@code packages/*}
   * @param dependencies {@code [workspace.dependencies]} by alias
   */
  public record WorkspaceSection(List<String> members, Map<PackageName, Dependency> dependencies) {
    /** Copies the collections in. */
    public WorkspaceSection {
      members = List.copyOf(members);
      dependencies = copy(dependencies);
    }

    /**
     * Whether a folder is one that the patterns name. A {@code *} stands for any part of one name.
     *
     * @param folder relative to the workspace's root, with {@code /}
     */
    public boolean contains(String folder) {
      for (String pattern : members) {
        if (MemberPattern.matches(pattern, folder)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * One entry of {@code [registries]}.
   *
   * @param key its name in this manifest
   * @param url its address
   * @param root digest of its first root metadata, {@code sha256:HEX}; null if not pinned
   * @param position where it is written
   */
  public record RegistryEntry(
      String key, String url, @Nullable String root, SourcePosition position) {}
}
