package dev.raya.resolver.metadata;

import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.VersionRange;

/**
 * A constraint as published: it binds only if the package is in the graph anyway.
 *
 * @param name the package
 * @param range what it allows
 */
public record PublishedConstraint(PackageName name, VersionRange range)
    implements Comparable<PublishedConstraint> {

  /** By name. */
  @Override
  public int compareTo(PublishedConstraint other) {
    return name.compareTo(other.name);
  }
}
