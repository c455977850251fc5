package dev.raya.resolver.metadata;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.ModulePath;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionRange;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code metadata.json} of an archive (packages.md section 5), schema {@code raya/package/1}.
 *
 * @param name as published
 * @param version as published
 * @param description one line, or empty
 * @param authors {@code Name <address>}
 * @param license SPDX expression, or empty
 * @param repository address, or empty
 * @param keywords at most 8
 * @param raya toolchains it runs on
 * @param packedBy the toolchain that packed it, or null
 * @param dependencies sorted by alias
 * @param constraints sorted by name
 * @param features feature to its items, as in the manifest
 * @param exports module path to module name
 * @param bin command to module name
 * @param natives sorted by module, then target
 * @param capabilities what its bytecode needs, sorted
 * @param bytecode of {@code module.rbin}
 * @param interfaceDigest of META, or null
 * @param sourceDigest of META, or null
 */
public record PackageMetadata(
    PackageName name,
    Version version,
    String description,
    List<String> authors,
    String license,
    String repository,
    List<String> keywords,
    VersionRange raya,
    @Nullable PackedBy packedBy,
    List<PublishedDependency> dependencies,
    List<PublishedConstraint> constraints,
    Map<String, List<String>> features,
    Map<ModulePath, String> exports,
    Map<String, String> bin,
    List<NativeBlob> natives,
    List<Capability> capabilities,
    BytecodeLevel bytecode,
    @Nullable Digest interfaceDigest,
    @Nullable Digest sourceDigest) {

  /** The value of {@code schema}. */
  public static final String SCHEMA = "raya/package/1";

  /** The file's name in an archive. */
  public static final String FILE_NAME = "metadata.json";

  /** Copies the collections in, sorted. */
  public PackageMetadata {
    authors = List.copyOf(authors);
    keywords = List.copyOf(keywords);
    dependencies = dependencies.stream().sorted().toList();
    constraints = constraints.stream().sorted().toList();
    natives = natives.stream().sorted().toList();
    capabilities = Capability.sorted(capabilities);
    features = sorted(features);
    exports = sorted(exports);
    bin = sorted(bin);
  }

  private static <K extends Comparable<K>, V> Map<K, V> sorted(Map<K, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /**
   * A toolchain.
   *
   * @param version its version
   * @param compiler version of its compiler
   */
  public record PackedBy(String version, String compiler) {}
}
