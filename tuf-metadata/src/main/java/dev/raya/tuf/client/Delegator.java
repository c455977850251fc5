package dev.raya.tuf.client;

import dev.raya.tuf.TufException;
import dev.raya.tuf.TufException.Code;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.SignedRole;
import dev.raya.tuf.role.TufKey;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a delegating role says of who signs another one. A role is only ever trusted by the word of
 * the delegator through which it was reached.
 *
 * @param keys keyid to key
 * @param signers which of them count, and how many must sign
 * @param bins the hash bins that the role is one of, or null
 * @param named whether the role's file has to say which role it is of
 */
record Delegator(
    Map<String, TufKey> keys, RoleKeys signers, Role.@Nullable HashBins bins, boolean named) {
  /** A delegator of a top-level role. */
  private Delegator(Map<String, TufKey> keys, RoleKeys signers) {
    this(keys, signers, null, false);
  }

  // Both by hand, without the code that the platform makes at run time.
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Delegator that
            && keys.equals(that.keys)
            && signers.equals(that.signers)
            && Objects.equals(bins, that.bins)
            && named == that.named);
  }

  @Override
  public int hashCode() {
    return signers.hashCode();
  }

  static Delegator of(Role.Root root, Role.Kind role) {
    return new Delegator(root.keys(), root.signers(role));
  }

  <R extends Role> R verify(SignedRole<R> role) throws TufException {
    role.requireThreshold(keys, signers);
    return role.role();
  }

  /**
   * Verifies a targets role, and that it is not another one with the same keys. A file that says
   * which role it is of counts for that one alone. Hash bins of index documents have one key, and
   * do not say which one they are; but every path in them does, so that one bin is never taken in
   * the place of another.
   *
   * @param name of the role
   */
  Role.Targets verify(String name, SignedRole<Role.Targets> role) throws TufException {
    Role.Targets verified = verify(role);
    String said = verified.name();
    if (said == null ? named : !said.equals(name)) {
      throw new TufException(
          Code.METADATA_REFUSED,
          "another role in the place of "
              + name
              + ": the file "
              + (said == null ? "does not say which one it is of" : "is of " + said));
    }
    Role.HashBins own = bins;
    if (own != null) {
      for (String path : verified.targets().keySet()) {
        String bin = TargetSearch.bin(path, own);
        if (!bin.equals(name)) {
          throw new TufException(
              Code.METADATA_REFUSED,
              "another bin in the place of " + name + ": it holds " + path + ", of " + bin);
        }
      }
    }
    return verified;
  }

  /** Whether a key that counted before counts no longer. */
  boolean revokes(Delegator before) {
    return !known().containsAll(before.known());
  }

  private Set<TufKey> known() {
    Set<TufKey> known = new HashSet<>();
    for (String keyId : signers.keyIds()) {
      TufKey key = keys.get(keyId);
      if (key != null) {
        known.add(key);
      }
    }
    return known;
  }
}
