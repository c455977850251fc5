package dev.raya.resolver.version;

import java.util.Collection;
import java.util.Optional;

/**
 * Which published version a new one must stay compatible with: the highest release below it on the
 * same compatibility line (packages.md section 1). A pre-release promises nothing, so none is ever
 * the predecessor; the first version of a line has none.
 */
public final class Predecessor {
  private Predecessor() {}

  /**
   * Finds it.
   *
   * @param next the new version
   * @param published versions that count; leave out what was yanked or taken down: its promises
   *     were withdrawn with it
   */
  public static Optional<Version> of(Version next, Collection<Version> published) {
    return published.stream()
        .filter(version -> !version.isPreRelease())
        .filter(version -> version.compareTo(next) < 0)
        .filter(version -> version.line().equals(next.line()))
        .max(Version::compareTo);
  }
}
