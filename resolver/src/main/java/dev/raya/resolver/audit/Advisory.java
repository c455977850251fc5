package dev.raya.resolver.audit;

import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An advisory in the OSV format (schema 1.7), as far as it concerns Raya packages.
 *
 * @param id its identifier
 * @param aliases other identifiers, for example a CVE
 * @param summary one line, or empty
 * @param severity {@code LOW}, {@code MODERATE}, {@code HIGH}, {@code CRITICAL}, a CVSS vector, or
 *     empty
 * @param url where it can be read, or empty
 * @param affected what it affects
 */
public record Advisory(
    String id,
    List<String> aliases,
    String summary,
    String severity,
    String url,
    List<Affected> affected) {

  /** The ecosystem of Raya packages. */
  public static final String ECOSYSTEM = "Raya";

  /** Copies the lists in. */
  public Advisory {
    aliases = List.copyOf(aliases);
    affected = List.copyOf(affected);
  }

  /** Whether a version of a package is affected. */
  public boolean hits(PackageName name, Version version) {
    for (Affected each : affected) {
      if (each.name().equals(name) && each.contains(version)) {
        return true;
      }
    }
    return false;
  }

  /** The versions that it names as the fix for a package, ascending. */
  public List<Version> fixesOf(PackageName name) {
    Set<Version> fixes = new TreeSet<>();
    for (Affected each : affected) {
      if (each.name().equals(name)) {
        for (Span span : each.spans()) {
          Version fixed = span.fixed();
          if (fixed != null) {
            fixes.add(fixed);
          }
        }
      }
    }
    return List.copyOf(fixes);
  }

  /**
   * What is affected of one package.
   *
   * @param name the package
   * @param spans spans of versions
   * @param versions single versions
   */
  public record Affected(PackageName name, List<Span> spans, Set<Version> versions) {
    /** Copies the collections in. */
    public Affected {
      spans = List.copyOf(spans);
      versions = Collections.unmodifiableSet(new TreeSet<>(versions));
    }

    boolean contains(Version version) {
      if (versions.contains(version)) {
        return true;
      }
      for (Span span : spans) {
        if (span.contains(version)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * A span of versions, by SemVer precedence.
   *
   * @param introduced the first one affected; null for the very first
   * @param fixed the first one that is not; null where none is known
   * @param lastAffected the last one that is, where no fix is known; null otherwise
   */
  public record Span(
      @Nullable Version introduced, @Nullable Version fixed, @Nullable Version lastAffected) {

    boolean contains(Version version) {
      return (introduced == null || version.compareTo(introduced) >= 0)
          && (fixed == null || version.compareTo(fixed) < 0)
          && (lastAffected == null || version.compareTo(lastAffected) <= 0);
    }
  }
}
