package dev.raya.resolver.metadata;

import dev.raya.cache.digest.Digest;
import org.jspecify.annotations.Nullable;

/**
 * A native artifact of a version: the library file itself is a blob of its own.
 *
 * @param module the native module, {@code [a-z][a-z0-9_]{0,63}}
 * @param abi version of the native interface; null in index documents, which do not carry it
 * @param target the platform it is for
 * @param file the library's file name
 * @param size bytes
 * @param sha256 digest of the library
 */
public record NativeBlob(
    String module, @Nullable String abi, String target, String file, long size, Digest sha256)
    implements Comparable<NativeBlob> {

  /** By module, then target. */
  @Override
  public int compareTo(NativeBlob other) {
    int order = module.compareTo(other.module);
    return order != 0 ? order : target.compareTo(other.target);
  }
}
