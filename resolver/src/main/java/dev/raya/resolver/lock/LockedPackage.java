package dev.raya.resolver.lock;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.name.Capability;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One {@code [[package]]} of a lockfile (packages.md section 4).
 *
 * @param name the package
 * @param version its version
 * @param source where it comes from
 * @param checksum of the archive's bytes; null for git and path
 * @param tree of the unpacked files; null where it is not known (a path package not yet built)
 * @param size of the archive in bytes; 0 where there is none
 * @param dependencies its edges, sorted by alias
 * @param features features that are on, sorted
 * @param capabilities what its bytecode needs, sorted
 * @param granted what it may do, sorted
 * @param natives native module to target to digest of the library file
 * @param log its entry in the registry's log; null for what comes from no registry or is staged
 * @param stage id of a staged release, or null
 */
public record LockedPackage(
    PackageName name,
    Version version,
    LockSource source,
    @Nullable Digest checksum,
    @Nullable Digest tree,
    long size,
    List<LockedDependency> dependencies,
    List<String> features,
    List<Capability> capabilities,
    List<Capability> granted,
    Map<String, Map<String, Digest>> natives,
    @Nullable LogEntry log,
    @Nullable String stage)
    implements Comparable<LockedPackage> {

  /** Copies the collections in, sorted. */
  public LockedPackage {
    dependencies = List.copyOf(new TreeSet<>(dependencies));
    features = List.copyOf(new TreeSet<>(features));
    capabilities = Capability.sorted(capabilities);
    granted = Capability.sorted(granted);
    Map<String, Map<String, Digest>> sorted = new TreeMap<>();
    natives.forEach(
        (module, targets) ->
            sorted.put(module, Collections.unmodifiableMap(new TreeMap<>(targets))));
    natives = Collections.unmodifiableMap(sorted);
  }

  /** Whether a text may be the id of a staged release: 160 bits, hexadecimal. */
  public static boolean isStage(String text) {
    return text.length() == 40
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /** {@code name version}: how edges name it. */
  public String id() {
    return name.text() + ' ' + version.precedence();
  }

  /** By name, then version. */
  @Override
  public int compareTo(LockedPackage other) {
    int order = name.compareTo(other.name);
    return order != 0 ? order : version.compareTo(other.version);
  }

  /**
   * One edge.
   *
   * @param alias the name by which the dependent imports it
   * @param name the package
   * @param version the version chosen
   */
  public record LockedDependency(PackageName alias, PackageName name, Version version)
      implements Comparable<LockedDependency> {

    /** {@code name version}, with {@code alias=} before it where the alias is another name. */
    public String text() {
      String id = name.text() + ' ' + version.precedence();
      return alias.equals(name) ? id : alias.text() + '=' + id;
    }

    /** By alias, then name and version. */
    @Override
    public int compareTo(LockedDependency other) {
      int order = alias.compareTo(other.alias);
      if (order == 0) {
        order = name.compareTo(other.name);
      }
      return order != 0 ? order : version.compareTo(other.version);
    }
  }

  /**
   * A record of the registry's log.
   *
   * @param index its number
   * @param time its logged time, whole seconds
   */
  public record LogEntry(long index, Instant time) {}
}
