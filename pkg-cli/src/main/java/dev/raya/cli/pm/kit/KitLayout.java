package dev.raya.cli.pm.kit;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.pm.trust.PackageClaim;

/**
 * Names inside a kit. Packages lie under their names, so that a folder that is kept with the
 * project's sources shows in its history which package changed.
 */
final class KitLayout {
  static final String HEAD = "kit.json";
  static final String LOCKFILE = "raya.lock";
  static final String PACKAGES = "packages/";
  static final String LIBRARIES = "libraries/";
  static final String REGISTRIES = "registries/";
  static final String TOOLCHAIN = "toolchain/";

  private KitLayout() {}

  static String archive(PackageClaim claim) {
    return PACKAGES + name(claim) + ".tar.zst";
  }

  static String proof(PackageClaim claim) {
    return PACKAGES + name(claim) + ".proof.json";
  }

  private static String name(PackageClaim claim) {
    return claim.name().fileForm() + "-" + claim.version().text();
  }

  /** The folder of a native library, which holds the one file. */
  static String library(Digest checksum) {
    return LIBRARIES + checksum.hex() + "/";
  }

  /** The folder of what is known of a registry. */
  static String registry(Digest root) {
    return REGISTRIES + root.hex() + "/";
  }

  static String root(Digest root) {
    return registry(root) + "1.root.json";
  }
}
