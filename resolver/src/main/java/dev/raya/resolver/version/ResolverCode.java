package dev.raya.resolver.version;

/** The codes of this module's refusals (cli.md section 5). */
public enum ResolverCode {
  /** {@code raya.toml} is missing, is no TOML, or a value has the wrong type or form. */
  MANIFEST_MALFORMED("RAYA-PKG-001"),
  /** Not a package name. */
  BAD_NAME("RAYA-PKG-002"),
  /** Not a version, range or tag. */
  BAD_VERSION("RAYA-PKG-003"),
  /** A key nobody reads; a warning. */
  UNKNOWN_KEY("RAYA-PKG-004"),
  /** {@code raya.lock} is not what the writer writes. */
  LOCKFILE_MALFORMED("RAYA-PKG-005"),
  /** The lockfile does not follow from the manifest. */
  LOCKFILE_DOES_NOT_FOLLOW("RAYA-PKG-007"),
  /** One native module from two packages. */
  NATIVE_TWICE("RAYA-PKG-013"),
  /** Packages that need each other. */
  PACKAGE_CYCLE("RAYA-PKG-014"),
  /** No set of versions meets every requirement. */
  NO_SOLUTION("RAYA-RES-001"),
  /** A package that no registry has. */
  NO_SUCH_PACKAGE("RAYA-RES-002"),
  /** No version of a package lies in the range asked for. */
  NO_SUCH_VERSION("RAYA-RES-003"),
  /** What lies in the range is pre-release, yanked or too young. */
  ONLY_MASKED_VERSIONS("RAYA-RES-004"),
  /** The search was given up. */
  BUDGET_EXHAUSTED("RAYA-RES-005"),
  /** An answer that is not a registry's. */
  NOT_A_REGISTRY_ANSWER("RAYA-NET-004"),
  /** A package needs what it was not granted. */
  GRANT_MISSING("RAYA-SEC-020");

  private final String code;

  ResolverCode(String code) {
    this.code = code;
  }

  /** The code as printed, {@code RAYA-AREA-NNN}. */
  public String code() {
    return code;
  }
}
