package dev.raya.signing.statement;

import dev.raya.cache.digest.Digest;

/**
 * What a statement is about: the archive of a version, or one of its native blobs.
 *
 * @param purl package URL, {@code pkg:raya/NAME@VERSION} or {@code …?module=M&target=T}
 * @param digest of the bytes
 */
public record Subject(String purl, Digest digest) {

  /** The subject of a version's archive. */
  public static Subject archive(String name, String version, Digest digest) {
    return new Subject(purl(name, version), digest);
  }

  /** The subject of one native blob of a version. */
  public static Subject nativeBlob(
      String name, String version, String module, String target, Digest digest) {
    return new Subject(purl(name, version) + "?module=" + module + "&target=" + target, digest);
  }

  /** {@code pkg:raya/%40scope/name@1.2.3}: a scope's at-sign is escaped (packages.md section 1). */
  private static String purl(String name, String version) {
    String escaped = name.startsWith("@") ? "%40" + name.substring(1) : name;
    return "pkg:raya/" + escaped + '@' + version.replace("+", "%2B");
  }
}
