package dev.raya.registry.trust;

import dev.raya.registry.storage.StorageException;
import dev.raya.signing.key.SigningKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.MetadataFiles;
import dev.raya.tuf.repository.OfflineRoles;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import dev.raya.tuf.role.SignedRole;
import dev.raya.tuf.role.TufKey;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the offline roles' files current while their keys lie in the data directory (spec:
 * registry.md 4), and otherwise takes what an operator signed elsewhere and put beside them.
 * Nothing is taken that its delegator's keys did not sign.
 */
public final class OfflineRenewal {
  private static final System.Logger LOG = System.getLogger(OfflineRenewal.class.getName());

  /** In the order in which they vouch for each other. */
  private static final List<RegistryRole> ROLES =
      List.of(
          RegistryRole.TARGETS,
          RegistryRole.CLAIMED,
          RegistryRole.TOOLCHAINS,
          RegistryRole.NIGHTLY,
          RegistryRole.PACKAGES);

  private final MetadataFiles files;
  private final TrustKeys keys;
  private final InstantSource clock;

  /** Who signs a role, by the word of its delegator. */
  private record Signers(Map<String, TufKey> keys, RoleKeys role) {}

  /** A signed file of a role. */
  private record Found(long version, Role.Targets role) {}

  /** Takes the folder of metadata and the keys. */
  public OfflineRenewal(MetadataFiles files, TrustKeys keys, InstantSource clock) {
    this.files = files;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Renews what can be renewed.
   *
   * @param trust what the targets role is to name below {@code trust/}; used only where its keys
   *     lie here
   * @return version of each offline metadata file
   * @throws StorageException if a role has no file and no keys to make one, or keys here are not
   *     those that the root names
   * @throws TufException if a file is damaged
   * @throws IOException if files cannot be read or written
   */
  public SortedMap<String, Long> renew(Map<String, Role.TargetFile> trust)
      throws StorageException, TufException, IOException {
    Role.Root root = renewRoot();
    SortedMap<String, Long> versions = new TreeMap<>();
    Map<String, Long> newest = newest();
    Signers signers = new Signers(root.keys(), root.signers(Role.Kind.TARGETS));
    Role.@Nullable Targets top = null;
    for (RegistryRole role : ROLES) {
      if (top != null) {
        signers = delegated(top, role);
      }
      Found found = renew(role, signers, trust, newest.get(role.file()));
      versions.put(role.file(), found.version());
      top = role == RegistryRole.TARGETS ? found.role() : top;
    }
    return versions;
  }

  /**
   * Writes the root or the targets that name the keys which lie here now: the step of a rotation
   * after the keys were replaced.
   *
   * @param changed the role whose keys are new
   * @param former its former keys, which sign a root together with the new ones
   * @throws StorageException if keys are missing
   * @throws TufException if a file is damaged or would not be accepted by clients
   * @throws IOException if files cannot be read or written
   */
  public void name(RegistryRole changed, List<SigningKey> former)
      throws StorageException, TufException, IOException {
    Instant now = clock.instant();
    OfflineRoles roles = new OfflineRoles(keys.known());
    Role.Root root = renewRoot();
    if (changed.delegated()) {
      long version = newest().getOrDefault(RegistryRole.TARGETS.file(), 0L);
      Signers signers = new Signers(root.keys(), root.signers(Role.Kind.TARGETS));
      Role.Targets present = verified(RegistryRole.TARGETS, signers, version);
      Map<String, Role.TargetFile> named =
          present == null ? Map.of() : new TreeMap<>(present.targets());
      Instant expires = now.plus(RegistryRole.TARGETS.life());
      files.write(
          version + 1 + "." + RegistryRole.TARGETS.file(),
          RoleWriter.sign(
              roles.targets(version + 1, expires, named), keys.load(RegistryRole.TARGETS)));
      return;
    }
    if (changed == RegistryRole.BIN) {
      // The packages role names the bins' key; renewing it writes what lies here.
      return;
    }
    List<SigningKey> signers = new ArrayList<>(keys.load(RegistryRole.ROOT));
    if (changed == RegistryRole.ROOT) {
      signers.addAll(former);
    }
    Role.Root next = roles.root(root.version() + 1, now.plus(RegistryRole.ROOT.life()));
    byte[] document = RoleWriter.sign(next, signers);
    RoleReader.root(document).requireThreshold(root.keys(), root.signers(Role.Kind.ROOT));
    RoleReader.root(document).requireThreshold(next.keys(), next.signers(Role.Kind.ROOT));
    files.write(next.version() + "." + RegistryRole.ROOT.file(), document);
  }

  private static Signers delegated(Role.Targets top, RegistryRole role) throws StorageException {
    Role.Delegations delegations = top.delegations();
    if (delegations != null) {
      for (Role.DelegatedRole delegated : delegations.roles()) {
        if (delegated.name().equals(role.id())) {
          return new Signers(delegations.keys(), delegated.signers());
        }
      }
    }
    throw new StorageException("targets.json delegates nothing to " + role.id());
  }

  private Found renew(
      RegistryRole role,
      Signers signers,
      Map<String, Role.TargetFile> trust,
      @Nullable Long version)
      throws StorageException, TufException, IOException {
    boolean here = keys.isHere(role);
    Role.Targets present = version == null ? null : present(role, signers, version, here);
    if (!here) {
      if (version == null || present == null) {
        throw new StorageException(
            role.file()
                + " is missing and its keys are not here: sign it where they are, with"
                + " raya-registry tuf sign, and put it into tree/tuf");
      }
      warnIfOld(role, present);
      return new Found(version, present);
    }
    Instant now = clock.instant();
    long next = version == null ? 1 : version + 1;
    Role.Targets wanted = wanted(role, next, now.plus(role.life()), trust, present);
    if (version != null
        && present != null
        && saysTheSame(present, wanted)
        && now.isBefore(present.expires().minus(role.life().dividedBy(2)))) {
      return new Found(version, present);
    }
    byte[] document = RoleWriter.sign(wanted, keys.load(role));
    requireSigned(role, RoleReader.targets(document), signers);
    files.write(next + "." + role.file(), document);
    return new Found(next, wanted);
  }

  private Role.Targets wanted(
      RegistryRole role,
      long version,
      Instant expires,
      Map<String, Role.TargetFile> trust,
      Role.@Nullable Targets present)
      throws StorageException, IOException {
    if (role == RegistryRole.TARGETS) {
      // Delegations stay as they are signed where a delegated role's keys have gone away.
      Role.Delegations kept = present == null ? null : present.delegations();
      boolean all = keys.known().size() == RegistryRole.values().length;
      Role.Targets fresh =
          all ? new OfflineRoles(keys.known()).targets(version, expires, trust) : null;
      if (fresh == null && kept == null) {
        throw new StorageException(
            "keys of some roles are missing below " + keys.offline() + "; no ceremony can be held");
      }
      return fresh != null && kept == null
          ? fresh
          : new Role.Targets(version, expires, new TreeMap<>(trust), kept);
    }
    if (role == RegistryRole.PACKAGES) {
      return new OfflineRoles(keys.known()).packages(version, expires);
    }
    return OfflineRoles.plain(version, expires, present == null ? Map.of() : present.targets());
  }

  private static boolean saysTheSame(Role.Targets a, Role.Targets b) {
    return new TreeMap<>(a.targets()).equals(new TreeMap<>(b.targets()))
        && Objects.equals(a.delegations(), b.delegations());
  }

  /** What is there; where its keys lie here, it may have been signed by former ones. */
  private Role.@Nullable Targets present(
      RegistryRole role, Signers signers, long version, boolean here)
      throws TufException, IOException, StorageException {
    try {
      return verified(role, signers, version);
    } catch (StorageException rotated) {
      if (!here) {
        throw rotated;
      }
      Role.Targets former =
          RoleReader.targets(
                  files.read(version + "." + role.file()).orElseThrow(() -> missing(role, version)))
              .role();
      // Past its life, so that it is signed anew.
      return new Role.Targets(
          former.version(), Instant.EPOCH, former.targets(), former.delegations());
    }
  }

  /** What is there, if its delegator's keys signed it. */
  private Role.@Nullable Targets verified(RegistryRole role, Signers signers, long version)
      throws TufException, IOException, StorageException {
    SignedRole<Role.Targets> signed =
        RoleReader.targets(
            files.read(version + "." + role.file()).orElseThrow(() -> missing(role, version)));
    requireSigned(role, signed, signers);
    return signed.role();
  }

  private static void requireSigned(
      RegistryRole role, SignedRole<Role.Targets> signed, Signers signers) throws StorageException {
    try {
      signed.requireThreshold(signers.keys(), signers.role());
    } catch (TufException e) {
      throw new StorageException(
          role.file() + " is not signed by the keys that are to sign it: " + e.getMessage(), e);
    }
  }

  private Role.Root renewRoot() throws TufException, IOException, StorageException {
    long version = 1;
    while (files.read(version + 1 + "." + RegistryRole.ROOT.file()).isPresent()) {
      version++;
    }
    long current = version;
    byte[] document =
        files
            .read(version + "." + RegistryRole.ROOT.file())
            .orElseThrow(() -> missing(RegistryRole.ROOT, current));
    SignedRole<Role.Root> signed = RoleReader.root(document);
    Role.Root root = signed.role();
    signed.requireThreshold(root.keys(), root.signers(Role.Kind.ROOT));
    Instant now = clock.instant();
    if (now.isBefore(root.expires().minus(RegistryRole.ROOT.life().dividedBy(2)))) {
      return root;
    }
    if (!keys.isHere(RegistryRole.ROOT)) {
      warnIfOld(RegistryRole.ROOT, root);
      return root;
    }
    Role.Root next =
        new Role.Root(
            version + 1,
            now.plus(RegistryRole.ROOT.life()),
            root.consistentSnapshot(),
            root.keys(),
            root.roles());
    byte[] renewed = RoleWriter.sign(next, keys.load(RegistryRole.ROOT));
    RoleReader.root(renewed).requireThreshold(root.keys(), root.signers(Role.Kind.ROOT));
    files.write(version + 1 + "." + RegistryRole.ROOT.file(), renewed);
    return next;
  }

  private void warnIfOld(RegistryRole role, Role present) {
    Instant half = present.expires().minus(role.life().dividedBy(2));
    if (!clock.instant().isBefore(half)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the role {0} expires at {1} and its keys are not here: sign it anew where they are,"
              + " with raya-registry tuf sign",
          role.id(),
          present.expires());
    }
  }

  /** The highest version of each offline role's file, by name. */
  private Map<String, Long> newest() throws IOException {
    List<String> wanted = new ArrayList<>();
    for (RegistryRole role : ROLES) {
      wanted.add(role.file());
    }
    Map<String, Long> newest = new TreeMap<>();
    for (String name : files.names()) {
      int dot = name.indexOf('.');
      if (dot > 0 && wanted.contains(name.substring(dot + 1)) && isVersion(name, dot)) {
        newest.merge(name.substring(dot + 1), Long.valueOf(name.substring(0, dot)), Math::max);
      }
    }
    return newest;
  }

  private static boolean isVersion(String name, int end) {
    return end <= 9 && name.chars().limit(end).allMatch(c -> c >= '0' && c <= '9');
  }

  private static StorageException missing(RegistryRole role, long version) {
    return new StorageException("the file " + version + "." + role.file() + " is missing");
  }
}
