package dev.raya.compiler.build;

/**
 * No packages. A class of its own, since a start-up cache cannot hold a lambda that an interface
 * makes when it is initialised.
 */
final class NoPackages implements PackageImports {
  @Override
  public Answer find(String name) {
    return new Answer.Missing(Reason.NOT_IN_MANIFEST, "there is no raya.toml here");
  }
}
