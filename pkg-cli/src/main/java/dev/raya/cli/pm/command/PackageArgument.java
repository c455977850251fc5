package dev.raya.cli.pm.command;

import dev.raya.cli.console.UsageException;
import dev.raya.resolver.name.NameException;
import dev.raya.resolver.name.PackageName;
import dev.raya.resolver.version.Version;
import dev.raya.resolver.version.VersionException;
import org.jspecify.annotations.Nullable;

/**
 * An argument {@code PKG} or {@code PKG@SELECTOR}.
 *
 * @param name the package
 * @param selector a version, tag or range, or null
 */
record PackageArgument(PackageName name, @Nullable String selector) {

  /**
   * Reads an argument.
   *
   * @throws UsageException if the name is none
   */
  static PackageArgument parse(String text) throws UsageException {
    int at = text.indexOf('@', 1);
    String name = at < 0 ? text : text.substring(0, at);
    String selector = at < 0 ? null : text.substring(at + 1);
    if (selector != null && selector.isBlank()) {
      throw new UsageException("nothing stands after @ in \"" + text + "\"");
    }
    try {
      return new PackageArgument(PackageName.parse(name), selector);
    } catch (NameException malformed) {
      throw new UsageException(
          "\"" + name + "\" is no package's name", String.valueOf(malformed.getMessage()));
    }
  }

  /**
   * Reads an argument that has to name a version.
   *
   * @throws UsageException if it does not
   */
  static PackageArgument withVersion(String text) throws UsageException {
    PackageArgument argument = parse(text);
    argument.version();
    return argument;
  }

  /**
   * The version named.
   *
   * @throws UsageException if none is
   */
  Version version() throws UsageException {
    if (selector == null) {
      throw new UsageException(
          "no version is named for " + name, "write " + name + "@1.2.3, for example");
    }
    try {
      return Version.parse(selector);
    } catch (VersionException malformed) {
      throw new UsageException(
          "\"" + selector + "\" is no version", "write " + name + "@1.2.3, for example");
    }
  }

  /** The path of the package in the API. */
  String path() {
    return "packages/" + name;
  }
}
