package dev.raya.tuf.role;

import dev.raya.cache.digest.Digest;
import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;

/**
 * A root that was checked against itself: the first one of a registry, by whose digest the registry
 * is known ("First contact" in security.md).
 *
 * @param root its content
 * @param fingerprint SHA-256 of the file's bytes
 */
public record TrustedRoot(Role.Root root, Digest fingerprint) {

  /**
   * Reads {@code 1.root.json}: version 1, signed by enough of its own keys.
   *
   * @throws TufException with {@link Code#METADATA_REFUSED} if it is malformed, of another version
   *     or not signed by its own threshold
   */
  public static TrustedRoot first(byte[] document) throws TufException {
    SignedRole<Role.Root> signed = RoleReader.root(document);
    Role.Root root = signed.role();
    if (root.version() != 1) {
      throw new TufException(
          Code.METADATA_REFUSED, "expected root version 1, found " + root.version());
    }
    signed.requireThreshold(root.keys(), root.signers(Role.Kind.ROOT));
    return new TrustedRoot(root, Digest.of(document));
  }

  /**
   * The same, of a registry that is known by its fingerprint.
   *
   * @throws TufException with {@link Code#OTHER_ROOT} if it is another root, else as {@link
   *     #first(byte[])}
   */
  public static TrustedRoot first(byte[] document, Digest expected) throws TufException {
    Digest found = Digest.of(document);
    if (!found.equals(expected)) {
      throw new TufException(Code.OTHER_ROOT, "expected the root " + expected + ", found " + found);
    }
    return first(document);
  }
}
