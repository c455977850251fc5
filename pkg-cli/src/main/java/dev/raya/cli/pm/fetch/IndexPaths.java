package dev.raya.cli.pm.fetch;

import dev.raya.cache.digest.Digest;
import java.nio.charset.StandardCharsets;

/** Where a package's index document lies (registry.md 1.1). */
public final class IndexPaths {
  private IndexPaths() {}

  /** {@code p1/p2/file}: two pairs of hex digits of the name's digest, and the name as a file. */
  public static String of(String name) {
    String hex = Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex();
    return hex.substring(0, 2) + "/" + hex.substring(2, 4) + "/" + fileName(name);
  }

  /** A package name as one path component: {@code @scope/name} is {@code @scope__name}. */
  public static String fileName(String name) {
    return name.replace("/", "__");
  }
}
