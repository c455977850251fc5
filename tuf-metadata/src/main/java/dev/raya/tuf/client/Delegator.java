package dev.raya.tuf.client;

import dev.raya.tuf.TufException;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.SignedRole;
import dev.raya.tuf.role.TufKey;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a delegating role says of who signs another one. A role is only ever trusted by the word of
 * the delegator through which it was reached.
 *
 * @param keys keyid to key
 * @param signers which of them count, and how many must sign
 */
record Delegator(Map<String, TufKey> keys, RoleKeys signers) {
  static Delegator of(Role.Root root, Role.Kind role) {
    return new Delegator(root.keys(), root.signers(role));
  }

  <R extends Role> R verify(SignedRole<R> role) throws TufException {
    role.requireThreshold(keys, signers);
    return role.role();
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
