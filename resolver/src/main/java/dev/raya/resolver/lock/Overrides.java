package dev.raya.resolver.lock;

import dev.raya.resolver.manifest.Manifest;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.VersionRange;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The overrides of a root manifest (packages.md section 3): they replace every requirement on a
 * name, the nested form {@code "a>b"} only those of {@code a}.
 *
 * @param ranges {@code b} or {@code a>b} to the requirement instead; the root itself as {@code a}
 *     is the empty text
 */
public record Overrides(Map<String, VersionRange> ranges) {
  /** The dependent that stands for the root itself. */
  public static final String ROOT = "";

  /** Copies the map in, sorted. */
  public Overrides {
    ranges = Collections.unmodifiableMap(new TreeMap<>(ranges));
  }

  /** The overrides of a manifest. */
  public static Overrides of(Manifest root) {
    Map<String, VersionRange> ranges = new TreeMap<>();
    for (Manifest.Override override : root.resolution().overrides()) {
      ranges.put(key(root, override), override.range());
    }
    return new Overrides(ranges);
  }

  /** Where each override of a manifest is written, under the same keys as its range. */
  public static Map<String, String> positions(Manifest root) {
    Map<String, String> positions = new TreeMap<>();
    for (Manifest.Override override : root.resolution().overrides()) {
      positions.put(key(root, override), override.position().toString());
    }
    return positions;
  }

  private static String key(Manifest root, Manifest.Override override) {
    PackageName dependent = override.dependent();
    return dependent == null
        ? override.name().text()
        : (dependent.equals(root.name()) ? ROOT : dependent.text()) + '>' + override.name().text();
  }

  /**
   * The range that a requirement really has.
   *
   * @param dependent name of the package that states it, {@link #ROOT} for the root
   * @param name the package required
   * @param range the range stated
   */
  public VersionRange effective(String dependent, PackageName name, VersionRange range) {
    VersionRange nested = ranges.get(dependent + '>' + name.text());
    return nested != null ? nested : ranges.getOrDefault(name.text(), range);
  }
}
