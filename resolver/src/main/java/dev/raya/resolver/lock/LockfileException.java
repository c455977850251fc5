package dev.raya.resolver.lock;

import dev.raya.resolver.manifest.ManifestException;
import dev.raya.resolver.version.ResolverCode;
import dev.raya.resolver.version.ResolverException;

/**
 * A lockfile that is malformed (RAYA-PKG-005) or does not follow (RAYA-PKG-007), or a manifest
 * beside it that cannot be read (its own code).
 */
public final class LockfileException extends ResolverException {
  private static final long serialVersionUID = 1L;
  private final int line;

  /**
   * Makes the exception.
   *
   * @param code which refusal
   * @param file the lockfile's name as the user knows it
   * @param line line of the fault, from 1; 0 where it is not of one line
   * @param message what was expected and found
   */
  public LockfileException(ResolverCode code, String file, int line, String message) {
    super(code, (line > 0 ? file + ':' + line : file) + ": " + message);
    this.line = line;
  }

  /** The fault of a manifest, for readers that need both files and know only lockfiles. */
  LockfileException(ManifestException manifest) {
    super(manifest.resolverCode(), manifest.text());
    this.line = 0;
  }

  /** Line of the fault, from 1; 0 where it is not of one line. */
  public int line() {
    return line;
  }
}
