package dev.raya.registry.trust;

import dev.raya.signing.key.VerificationKey;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.TufKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One role's keys put in the place of those that a root or delegations name for it; all other roles
 * keep the keys that are named for them, which need not lie here.
 *
 * @param role whose keys change
 * @param keys its keys from now on
 */
record NamedKeys(RegistryRole role, List<TufKey> keys) {
  /** Takes the public halves that lie here. */
  NamedKeys(RegistryRole role, Iterable<VerificationKey> here) {
    this(role, tufKeys(here));
  }

  private static List<TufKey> tufKeys(Iterable<VerificationKey> here) {
    List<TufKey> keys = new ArrayList<>();
    here.forEach(key -> keys.add(TufKey.of(key)));
    return List.copyOf(keys);
  }

  private RoleKeys signers() {
    return RoleKeys.of(keys, role.threshold());
  }

  /** The next root. */
  Role.Root in(Role.Root present, Instant expires) {
    Map<Role.Kind, RoleKeys> roles = new LinkedHashMap<>(present.roles());
    roles.put(Role.Kind.valueOf(role.name()), signers());
    return new Role.Root(
        present.version() + 1,
        expires,
        present.consistentSnapshot(),
        listed(present.keys(), List.copyOf(roles.values())),
        roles);
  }

  /** Named delegations. */
  Role.Delegations in(Role.Delegations present) {
    List<Role.DelegatedRole> roles = new ArrayList<>();
    List<RoleKeys> signers = new ArrayList<>();
    for (Role.DelegatedRole each : present.roles()) {
      RoleKeys signedBy = each.name().equals(role.id()) ? signers() : each.signers();
      signers.add(signedBy);
      roles.add(
          new Role.DelegatedRole(
              each.name(),
              signedBy,
              each.paths(),
              each.pathHashPrefixes(),
              each.terminating(),
              each.named()));
    }
    return new Role.Delegations(listed(present.keys(), signers), roles, present.bins());
  }

  /** The keys that are named, in the order in which they are: none that signs nothing any more. */
  private Map<String, TufKey> listed(Map<String, TufKey> present, List<RoleKeys> signers) {
    Map<String, TufKey> known = new LinkedHashMap<>(present);
    keys.forEach(key -> known.put(key.keyId().hex(), key));
    Map<String, TufKey> listed = new LinkedHashMap<>();
    for (RoleKeys each : signers) {
      for (String keyId : each.keyIds()) {
        TufKey key = known.get(keyId);
        if (key != null) {
          listed.put(keyId, key);
        }
      }
    }
    return listed;
  }
}
