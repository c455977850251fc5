package dev.raya.toolchain.bundle;

import dev.raya.cache.digest.Digest;

/**
 * One file of a toolchain.
 *
 * @param path relative to the toolchain's home, with {@code /}
 * @param size in bytes
 * @param digest of its bytes
 * @param component the part it belongs to
 * @param executable whether it gets mode 0755
 */
public record ToolchainFile(
    String path, long size, Digest digest, Component component, boolean executable) {

  /**
   * Checks that the path stays inside the toolchain.
   *
   * @throws IllegalArgumentException if it is absolute, empty or has an empty, {@code .} or {@code
   *     ..} segment
   */
  public ToolchainFile {
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new IllegalArgumentException("not a path inside a toolchain: \"" + path + '"');
      }
    }
    if (size < 0) {
      throw new IllegalArgumentException("negative size of " + path);
    }
  }
}
