package dev.raya.tuf.repository;

import dev.raya.signing.key.VerificationKey;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.TufKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What the offline roles say, from the public keys of all roles (security.md, "Roots"). Equal keys
 * and files give equal roles.
 */
public final class OfflineRoles {
  private static final List<RegistryRole> TOP =
      List.of(
          RegistryRole.ROOT, RegistryRole.TARGETS, RegistryRole.SNAPSHOT, RegistryRole.TIMESTAMP);

  private final Map<RegistryRole, List<VerificationKey>> keys;

  /** Takes the keys of each role. */
  public OfflineRoles(Map<RegistryRole, List<VerificationKey>> keys) {
    this.keys = new EnumMap<>(keys);
  }

  /** The root. */
  public Role.Root root(long version, Instant expires) {
    Map<String, TufKey> all = new LinkedHashMap<>();
    Map<Role.Kind, RoleKeys> roles = new LinkedHashMap<>();
    for (RegistryRole role : TOP) {
      all.putAll(listed(role));
      roles.put(Role.Kind.valueOf(role.name()), signers(role));
    }
    return new Role.Root(version, expires, true, all, roles);
  }

  /**
   * The top-level targets: what the registry says of itself, and the delegations.
   *
   * @param files targets below {@code trust/}
   * @param named whether claims only count in files that say which role they are of: the claimed
   *     role and its bins have the same keys, so that nothing else keeps who has all online keys
   *     from serving one in the place of another
   */
  public Role.Targets targets(
      long version, Instant expires, Map<String, Role.TargetFile> files, boolean named) {
    Map<String, TufKey> all = new LinkedHashMap<>();
    List<Role.DelegatedRole> roles = new ArrayList<>();
    for (RegistryRole role : RegistryRole.values()) {
      if (role.delegated()) {
        all.putAll(listed(role));
        roles.add(
            new Role.DelegatedRole(
                role.id(),
                signers(role),
                role.paths(),
                List.of(),
                true,
                named && role == RegistryRole.CLAIMED));
      }
    }
    return new Role.Targets(
        version, expires, new TreeMap<>(files), new Role.Delegations(all, roles, null));
  }

  /** The role that hands index documents on to the hash bins, and says nothing else. */
  public Role.Targets packages(long version, Instant expires) {
    Role.HashBins bins = new Role.HashBins(signers(RegistryRole.BIN), HashBin.BITS, HashBin.PREFIX);
    return new Role.Targets(
        version,
        expires,
        Map.of(),
        new Role.Delegations(listed(RegistryRole.BIN), List.of(), bins));
  }

  /** The claimed role where it is split: it hands claims on to bins that the same keys sign. */
  public Role.Targets claimed(long version, Instant expires, int bits) {
    Role.HashBins bins =
        new Role.HashBins(signers(RegistryRole.CLAIMED), bits, RegistryRole.CLAIMED.id());
    return new Role.Targets(
        version,
        expires,
        Map.of(),
        new Role.Delegations(listed(RegistryRole.CLAIMED), List.of(), bins),
        RegistryRole.CLAIMED.id());
  }

  /** A delegated role that names targets and hands nothing on. */
  public static Role.Targets plain(
      long version, Instant expires, Map<String, Role.TargetFile> files) {
    return new Role.Targets(version, expires, new TreeMap<>(files), null);
  }

  /**
   * The claimed role where it is whole, or one of its bins.
   *
   * @param name of the role, which the file says
   */
  public static Role.Targets claims(
      String name, long version, Instant expires, Map<String, Role.TargetFile> files) {
    return new Role.Targets(version, expires, new TreeMap<>(files), null, name);
  }

  private RoleKeys signers(RegistryRole role) {
    return RoleKeys.of(tufKeys(role), role.threshold());
  }

  private Map<String, TufKey> listed(RegistryRole role) {
    Map<String, TufKey> listed = new LinkedHashMap<>();
    for (TufKey key : tufKeys(role)) {
      listed.put(key.keyId().hex(), key);
    }
    return listed;
  }

  private List<TufKey> tufKeys(RegistryRole role) {
    List<VerificationKey> known =
        Objects.requireNonNull(keys.get(role), () -> "there are no keys of role " + role.id());
    return known.stream().map(TufKey::of).toList();
  }
}
