package dev.raya.resolver.lock;

import dev.raya.cache.digest.Digest;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@code raya.lock} (packages.md section 4).
 *
 * @param manifest digest of what resolution read of the manifests
 * @param toolchain the pinned toolchain; null if the manifest pins none
 * @param packages sorted by name, then version; no two alike
 */
public record Lockfile(
    Digest manifest, @Nullable LockedToolchain toolchain, List<LockedPackage> packages) {

  /** The file's name in a project. */
  public static final String FILE_NAME = "raya.lock";

  /**
   * Sorts the packages.
   *
   * @throws IllegalArgumentException if a name and version occur twice
   */
  public Lockfile {
    List<LockedPackage> sorted = new ArrayList<>(packages);
    Collections.sort(sorted);
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i - 1).id().equals(sorted.get(i).id())) {
        throw new IllegalArgumentException("two packages " + sorted.get(i).id());
      }
    }
    packages = List.copyOf(sorted);
  }

  /** The package of that name and version, or null if it is not locked. */
  public @Nullable LockedPackage find(PackageName name, Version version) {
    for (int i = first(name); isAt(i, name); i++) {
      if (packages.get(i).version().equals(version)) {
        return packages.get(i);
      }
    }
    return null;
  }

  /** The locked versions of a package, ascending. */
  public List<LockedPackage> versionsOf(PackageName name) {
    int from = first(name);
    int to = from;
    while (isAt(to, name)) {
      to++;
    }
    return packages.subList(from, to);
  }

  private boolean isAt(int index, PackageName name) {
    return index < packages.size() && packages.get(index).name().equals(name);
  }

  /** Where a name stands or would stand: the packages are sorted. */
  private int first(PackageName name) {
    int low = 0;
    int high = packages.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (packages.get(middle).name().compareTo(name) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * {@code [toolchain]}.
   *
   * @param version the pinned version
   * @param bundles target to digest of its bundle
   */
  public record LockedToolchain(Version version, Map<String, Digest> bundles) {
    /** Copies the map in, sorted. */
    public LockedToolchain {
      bundles = Collections.unmodifiableMap(new TreeMap<>(bundles));
    }
  }
}
