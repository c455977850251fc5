package dev.raya.compiler.types;

import org.jspecify.annotations.Nullable;

/**
 * The identity of a module.
 *
 * @param packageName empty for the package being compiled; otherwise the specifier's package part
 *     ({@code logging}, {@code raya:std})
 * @param path of a module of the package being compiled its package-relative file name with {@code
 *     .raya}; of another package's module the sub-path, empty for its main module
 */
public record ModuleId(String packageName, String path) {
  /** What the specifiers of capabilities begin with (language.md 16.2). */
  public static final String HOST = "host:";

  /**
   * Whether it is a capability that the VM around the program supplies, as this package sees it.
   */
  public boolean isHost() {
    return packageName.isEmpty() && path.startsWith(HOST);
  }

  /** Whether the module is compiled from source of the package at hand. */
  public boolean isLocal() {
    return packageName.isEmpty();
  }

  @Override
  public String toString() {
    if (packageName.isEmpty()) {
      return path;
    }
    return path.isEmpty() ? packageName : packageName + '/' + path;
  }

  /** As a record's own, written out: every check asks for it at every import. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ModuleId id
        && path.equals(id.path)
        && packageName.equals(id.packageName);
  }

  @Override
  public int hashCode() {
    return 31 * packageName.hashCode() + path.hashCode();
  }
}
