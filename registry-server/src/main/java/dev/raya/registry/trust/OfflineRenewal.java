package dev.raya.registry.trust;

import dev.raya.registry.storage.StorageException;
import dev.raya.signing.key.SigningKey;
import dev.raya.signing.key.VerificationKey;
import dev.raya.tuf.TufException;
import dev.raya.tuf.repository.ClaimBins;
import dev.raya.tuf.repository.MetadataFiles;
import dev.raya.tuf.repository.OfflineRoles;
import dev.raya.tuf.repository.RegistryRole;
import dev.raya.tuf.role.Role;
import dev.raya.tuf.role.RoleKeys;
import dev.raya.tuf.role.RoleReader;
import dev.raya.tuf.role.RoleWriter;
import dev.raya.tuf.role.SignedRole;
import dev.raya.tuf.role.TrustedRoot;
import dev.raya.tuf.role.TufKey;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the offline roles' files current while their keys lie in the data directory (spec:
 * registry.md 4), and otherwise takes what an operator signed elsewhere and put beside them.
 * Nothing is taken that its delegator's keys did not sign.
 */
public final class OfflineRenewal {
  private static final String JSON = ".json";
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

  /**
   * Who signs a role, by the word of its delegator.
   *
   * @param named whether its file has to say which role it is of
   */
  private record Signers(Map<String, TufKey> keys, RoleKeys role, boolean named) {}

  /** A role whose keys were just replaced, and the keys that signed its present file. */
  private record Rotated(RegistryRole role, List<SigningKey> former) {}

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
    return renew(trust, null);
  }

  /**
   * The same within a rotation: signs what a role says anew, which its former keys signed.
   *
   * @param changed the role whose keys are new
   * @param former its former keys
   * @throws StorageException as {@link #renew(Map)}
   * @throws TufException if a file is damaged
   * @throws IOException if files cannot be read or written
   */
  public SortedMap<String, Long> renewRotated(
      Map<String, Role.TargetFile> trust, RegistryRole changed, List<SigningKey> former)
      throws StorageException, TufException, IOException {
    return renew(trust, new Rotated(changed, former));
  }

  private SortedMap<String, Long> renew(
      Map<String, Role.TargetFile> trust, @Nullable Rotated rotated)
      throws StorageException, TufException, IOException {
    Role.Root root = renewRoot();
    SortedMap<String, Long> versions = new TreeMap<>();
    Map<String, Long> newest = newest();
    Signers signers = top(root);
    Role.@Nullable Targets top = null;
    for (RegistryRole role : ROLES) {
      if (top != null) {
        signers = delegated(top, role);
      }
      Found found = renew(role, signers, trust, newest.get(role.file()), rotated);
      versions.put(role.file(), found.version());
      if (role == RegistryRole.CLAIMED) {
        claimBins(found.role(), signers.named(), newest, rotated, versions);
      }
      top = role == RegistryRole.TARGETS ? found.role() : top;
    }
    return versions;
  }

  /** The bins of a claimed role that is split; those of coarser splits stay as they were. */
  private void claimBins(
      Role.Targets claimed,
      boolean named,
      Map<String, Long> newest,
      @Nullable Rotated rotated,
      Map<String, Long> versions)
      throws StorageException, TufException, IOException {
    newest.forEach(
        (file, version) -> {
          if (isClaimBin(file)) {
            versions.put(file, version);
          }
        });
    Role.Delegations delegations = claimed.delegations();
    Role.HashBins bins = delegations == null ? null : delegations.bins();
    if (delegations == null || bins == null) {
      return;
    }
    Instant now = clock.instant();
    Instant half = now.plus(RegistryRole.CLAIMED.life().dividedBy(2));
    Signers signers = new Signers(delegations.keys(), bins.signers(), named);
    boolean here = keys.isHere(RegistryRole.CLAIMED);
    for (String bin : ClaimBins.split(bins.bitLength(), Map.of()).keySet()) {
      String file = bin + JSON;
      long version = newest.getOrDefault(file, 0L);
      Role.Targets present =
          present(RegistryRole.CLAIMED, file, signers, version, here ? rotated : null);
      if (!here) {
        warnIfOld(RegistryRole.CLAIMED, present);
      } else if (!half.isBefore(present.expires()) || present.name() == null) {
        versions.put(file, version + 1);
        writeClaims(file, version + 1, present.targets());
      }
    }
  }

  private void writeClaims(String file, long version, Map<String, Role.TargetFile> targets)
      throws StorageException, IOException {
    String role = file.substring(0, file.length() - JSON.length());
    Instant expires = clock.instant().plus(RegistryRole.CLAIMED.life());
    Role.Targets claims = OfflineRoles.claims(role, version, expires, targets);
    files.write(version + "." + file, RoleWriter.sign(claims, keys.load(RegistryRole.CLAIMED)));
  }

  private static boolean isClaimBin(String file) {
    return file.endsWith(JSON)
        && ClaimBins.isName(file.substring(0, file.length() - JSON.length()));
  }

  /**
   * Claims a path. Above {@link ClaimBins#MOST} entries the role is split into bins, and where a
   * bin has more than that, finer; bins come before the role that hands on to them, so that a kill
   * leaves the former split or the new one.
   *
   * @throws StorageException if the role's keys are missing, or did not sign what is there
   * @throws TufException if a file is damaged
   * @throws IOException if files cannot be read or written
   */
  public void claim(String path, Role.TargetFile target)
      throws StorageException, TufException, IOException {
    Role.Root root = root();
    Map<String, Long> newest = newest();
    Role.Targets top = newest(RegistryRole.TARGETS, top(root));
    Signers claimants = delegated(top, RegistryRole.CLAIMED);
    Role.Targets claimed = newest(RegistryRole.CLAIMED, claimants);
    Role.Delegations delegations = claimed.delegations();
    Role.HashBins bins = delegations == null ? null : delegations.bins();
    Map<String, Role.TargetFile> all = new TreeMap<>(claimed.targets());
    if (delegations != null && bins != null) {
      Signers signers = new Signers(delegations.keys(), bins.signers(), claimants.named());
      String file = ClaimBins.of(bins.bitLength(), path) + JSON;
      Map<String, Role.TargetFile> bin = new TreeMap<>(claims(file, signers, newest));
      bin.put(path, target);
      if (bin.size() <= ClaimBins.MOST) {
        writeClaims(file, newest.getOrDefault(file, 0L) + 1, bin);
        return;
      }
      for (String each : ClaimBins.split(bins.bitLength(), Map.of()).keySet()) {
        all.putAll(claims(each + JSON, signers, newest));
      }
    } else {
      all.put(path, target);
      if (all.size() <= ClaimBins.MOST) {
        add(claimants, claimed.version() + 1, all);
        return;
      }
    }
    all.put(path, target);
    int bits = ClaimBins.bits(bins == null ? ClaimBins.STEP : bins.bitLength(), all);
    for (Map.Entry<String, SortedMap<String, Role.TargetFile>> bin :
        ClaimBins.split(bits, all).entrySet()) {
      String file = bin.getKey() + JSON;
      writeClaims(file, newest.getOrDefault(file, 0L) + 1, bin.getValue());
    }
    String file = RegistryRole.CLAIMED.file();
    long version = newest.getOrDefault(file, 0L) + 1;
    Role.Targets split =
        new OfflineRoles(keys.known())
            .claimed(version, clock.instant().plus(RegistryRole.CLAIMED.life()), bits);
    byte[] document = RoleWriter.sign(split, keys.load(RegistryRole.CLAIMED));
    requireSigned(file, RoleReader.targets(document), claimants);
    files.write(version + "." + file, document);
  }

  private Map<String, Role.TargetFile> claims(
      String file, Signers signers, Map<String, Long> newest)
      throws StorageException, TufException, IOException {
    Long version = newest.get(file);
    if (version == null) {
      throw missing(file, 1);
    }
    return verified(file, signers, version).targets();
  }

  /**
   * What the claimed role names already is only signed again if its keys signed it: whoever can
   * write into the tree must not be able to have it signed here.
   */
  private void add(Signers signers, long version, Map<String, Role.TargetFile> targets)
      throws StorageException, TufException, IOException {
    String file = RegistryRole.CLAIMED.file();
    byte[] document =
        RoleWriter.sign(
            OfflineRoles.claims(
                RegistryRole.CLAIMED.id(),
                version,
                clock.instant().plus(RegistryRole.CLAIMED.life()),
                targets),
            keys.load(RegistryRole.CLAIMED));
    requireSigned(file, RoleReader.targets(document), signers);
    files.write(version + "." + file, document);
  }

  /**
   * What the targets role names now, by the word of its keys; empty where there is no file yet.
   *
   * @throws StorageException if its keys did not sign it
   * @throws TufException if a file is damaged
   * @throws IOException if files cannot be read
   */
  public Map<String, Role.TargetFile> named() throws StorageException, TufException, IOException {
    Long version = newest().get(RegistryRole.TARGETS.file());
    if (version == null) {
      return Map.of();
    }
    return verified(RegistryRole.TARGETS.file(), top(root()), version).targets();
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
    Role.Root root = renewRoot();
    NamedKeys renamed = new NamedKeys(changed, keys.list(changed));
    if (changed.delegated()) {
      long version = newest().getOrDefault(RegistryRole.TARGETS.file(), 0L);
      Role.Targets present = verified(RegistryRole.TARGETS.file(), top(root), version);
      Role.Delegations delegations =
          Objects.requireNonNull(present.delegations(), "targets delegate");
      Role.Targets next =
          new Role.Targets(
              version + 1,
              now.plus(RegistryRole.TARGETS.life()),
              present.targets(),
              renamed.in(named(delegations, claimsAreNamed(delegations))));
      files.write(
          version + 1 + "." + RegistryRole.TARGETS.file(),
          RoleWriter.sign(next, keys.load(RegistryRole.TARGETS)));
      return;
    }
    if (changed == RegistryRole.BIN) {
      long version = newest().getOrDefault(RegistryRole.PACKAGES.file(), 0L) + 1;
      files.write(
          version + "." + RegistryRole.PACKAGES.file(),
          RoleWriter.sign(
              new OfflineRoles(keys.known())
                  .packages(version, now.plus(RegistryRole.PACKAGES.life())),
              keys.load(RegistryRole.PACKAGES)));
      return;
    }
    List<SigningKey> signers = new ArrayList<>(keys.load(RegistryRole.ROOT));
    if (changed == RegistryRole.ROOT) {
      signers.addAll(former);
    }
    Role.Root next = renamed.in(root, now.plus(RegistryRole.ROOT.life()));
    byte[] document = RoleWriter.sign(next, signers);
    RoleReader.root(document).requireThreshold(root.keys(), root.signers(Role.Kind.ROOT));
    RoleReader.root(document).requireThreshold(next.keys(), next.signers(Role.Kind.ROOT));
    files.write(next.version() + "." + RegistryRole.ROOT.file(), document);
  }

  /**
   * Whether the root, the targets or the packages role names a role's keys as they lie here.
   *
   * @throws StorageException if metadata is not signed as it must be
   * @throws TufException if a file is damaged
   * @throws IOException if files cannot be read
   */
  boolean isNamed(RegistryRole role) throws StorageException, TufException, IOException {
    Set<String> here = new TreeSet<>();
    for (VerificationKey key : keys.list(role)) {
      here.add(TufKey.of(key).keyId().hex());
    }
    RoleKeys named = named(role).orElseThrow(() -> missing(RegistryRole.TARGETS.file(), 1));
    return new TreeSet<>(named.keyIds()).equals(here);
  }

  /**
   * The keys that the root, the targets or the packages role names for a role; empty where the file
   * that does so was not made yet.
   *
   * @throws StorageException if metadata is not signed as it must be
   * @throws TufException if a file is damaged
   * @throws IOException if files cannot be read
   */
  Optional<RoleKeys> named(RegistryRole role) throws StorageException, TufException, IOException {
    Role.Root root = root();
    if (!role.delegated() && role != RegistryRole.BIN) {
      return Optional.of(root.signers(Role.Kind.valueOf(role.name())));
    }
    Map<String, Long> newest = newest();
    if (!newest.containsKey(RegistryRole.TARGETS.file())) {
      return Optional.empty();
    }
    Role.Targets targets = newest(RegistryRole.TARGETS, top(root));
    if (role != RegistryRole.BIN) {
      return Optional.of(delegated(targets, role).role());
    }
    if (!newest.containsKey(RegistryRole.PACKAGES.file())) {
      return Optional.empty();
    }
    Role.Delegations handed =
        newest(RegistryRole.PACKAGES, delegated(targets, RegistryRole.PACKAGES)).delegations();
    Role.HashBins bins = handed == null ? null : handed.bins();
    if (bins == null) {
      throw new StorageException("packages.json delegates to no bins");
    }
    return Optional.of(bins.signers());
  }

  private Role.Targets newest(RegistryRole role, Signers signers)
      throws StorageException, TufException, IOException {
    Long version = newest().get(role.file());
    if (version == null) {
      throw missing(role.file(), 1);
    }
    return verified(role.file(), signers, version);
  }

  private static Signers top(Role.Root root) {
    return new Signers(root.keys(), root.signers(Role.Kind.TARGETS), false);
  }

  private static Signers delegated(Role.Targets top, RegistryRole role) throws StorageException {
    Role.Delegations delegations = top.delegations();
    if (delegations != null) {
      for (Role.DelegatedRole delegated : delegations.roles()) {
        if (delegated.name().equals(role.id())) {
          return new Signers(delegations.keys(), delegated.signers(), delegated.named());
        }
      }
    }
    throw new StorageException("targets.json delegates nothing to " + role.id());
  }

  /**
   * Whether the targets are to say that claims only count in files that say which role they are of.
   * Where these were signed before files did, they come first and the targets after them, so that
   * no kill leaves targets that refuse the claims. Bins of coarser splits are not asked: nobody
   * signs them anew, and nothing hands on to them.
   */
  private boolean claimsAreNamed(Role.@Nullable Delegations present)
      throws TufException, IOException, StorageException {
    if (present != null) {
      for (Role.DelegatedRole role : present.roles()) {
        if (role.name().equals(RegistryRole.CLAIMED.id()) && role.named()) {
          return true;
        }
      }
    }
    Map<String, Long> newest = newest();
    Long whole = newest.get(RegistryRole.CLAIMED.file());
    if (whole == null) {
      return true;
    }
    Role.Targets claimed = unverified(RegistryRole.CLAIMED.file(), whole);
    if (claimed.name() == null) {
      return false;
    }
    Role.Delegations delegations = claimed.delegations();
    Role.HashBins bins = delegations == null ? null : delegations.bins();
    if (bins != null) {
      for (String bin : ClaimBins.split(bins.bitLength(), Map.of()).keySet()) {
        Long version = newest.get(bin + JSON);
        if (version != null && unverified(bin + JSON, version).name() == null) {
          return false;
        }
      }
    }
    return true;
  }

  /** What a file says, whoever signed it. */
  private Role.Targets unverified(String file, long version)
      throws TufException, IOException, StorageException {
    return RoleReader.targets(
            files.read(version + "." + file).orElseThrow(() -> missing(file, version)))
        .role();
  }

  /** The same delegations, with what {@link #claimsAreNamed} says. */
  private static Role.Delegations named(Role.Delegations present, boolean named) {
    List<Role.DelegatedRole> roles = new ArrayList<>();
    for (Role.DelegatedRole role : present.roles()) {
      roles.add(
          new Role.DelegatedRole(
              role.name(),
              role.signers(),
              role.paths(),
              role.pathHashPrefixes(),
              role.terminating(),
              role.named() || (named && role.name().equals(RegistryRole.CLAIMED.id()))));
    }
    return new Role.Delegations(present.keys(), roles, present.bins());
  }

  private Found renew(
      RegistryRole role,
      Signers signers,
      Map<String, Role.TargetFile> trust,
      @Nullable Long version,
      @Nullable Rotated rotated)
      throws StorageException, TufException, IOException {
    Role.Targets present =
        version == null ? null : present(role, role.file(), signers, version, rotated);
    if (!keys.isHere(role)) {
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
    requireSigned(role.file(), RoleReader.targets(document), signers);
    files.write(next + "." + role.file(), document);
    return new Found(next, wanted);
  }

  private Role.Targets wanted(
      RegistryRole role,
      long version,
      Instant expires,
      Map<String, Role.TargetFile> trust,
      Role.@Nullable Targets present)
      throws StorageException, TufException, IOException {
    if (role == RegistryRole.TARGETS) {
      // Delegations stay as they are signed where a delegated role's keys have gone away.
      Role.Delegations kept = present == null ? null : present.delegations();
      boolean named = claimsAreNamed(kept);
      if (kept != null) {
        return new Role.Targets(version, expires, new TreeMap<>(trust), named(kept, named));
      }
      if (keys.known().size() < RegistryRole.values().length) {
        throw new StorageException(
            "keys of some roles are missing below " + keys.offline() + "; no ceremony can be held");
      }
      return new OfflineRoles(keys.known()).targets(version, expires, trust, named);
    }
    if (role == RegistryRole.PACKAGES) {
      if (present != null && keys.list(RegistryRole.BIN).isEmpty()) {
        // The bins' key was lost and is not replaced yet: what is signed of it stays.
        return new Role.Targets(version, expires, present.targets(), present.delegations());
      }
      return new OfflineRoles(keys.known()).packages(version, expires);
    }
    Role.Delegations handed = present == null ? null : present.delegations();
    if (role == RegistryRole.CLAIMED && handed != null && handed.bins() != null) {
      return new OfflineRoles(keys.known()).claimed(version, expires, handed.bins().bitLength());
    }
    Map<String, Role.TargetFile> targets = present == null ? Map.of() : present.targets();
    return role == RegistryRole.CLAIMED
        ? OfflineRoles.claims(role.id(), version, expires, targets)
        : OfflineRoles.plain(version, expires, targets);
  }

  private static boolean saysTheSame(Role.Targets a, Role.Targets b) {
    return new TreeMap<>(a.targets()).equals(new TreeMap<>(b.targets()))
        && Objects.equals(a.delegations(), b.delegations())
        && Objects.equals(a.name(), b.name());
  }

  /** What is there; in a rotation of the role its former keys signed it. */
  private Role.Targets present(
      RegistryRole role, String file, Signers signers, long version, @Nullable Rotated rotated)
      throws TufException, IOException, StorageException {
    if (rotated == null || rotated.role() != role || isSigned(file, signers, version)) {
      return verified(file, signers, version);
    }
    Map<String, TufKey> former = new TreeMap<>();
    for (SigningKey key : rotated.former()) {
      TufKey named = TufKey.of(key.verificationKey());
      former.put(named.keyId().hex(), named);
    }
    RoleKeys keyIds = RoleKeys.of(List.copyOf(former.values()), role.threshold());
    Role.Targets present = verified(file, new Signers(former, keyIds, signers.named()), version);
    // Past its life, so that it is signed anew.
    return new Role.Targets(
        present.version(), Instant.EPOCH, present.targets(), present.delegations(), present.name());
  }

  /** Whether the keys that are to sign it did: then a rotation that was cut off came so far. */
  private boolean isSigned(String file, Signers signers, long version)
      throws TufException, IOException, StorageException {
    SignedRole<Role.Targets> signed =
        RoleReader.targets(
            files.read(version + "." + file).orElseThrow(() -> missing(file, version)));
    try {
      signed.requireThreshold(signers.keys(), signers.role());
      return true;
    } catch (TufException byFormerKeys) {
      return false;
    }
  }

  /** What is there, if its delegator's keys signed it. */
  private Role.Targets verified(String file, Signers signers, long version)
      throws TufException, IOException, StorageException {
    SignedRole<Role.Targets> signed =
        RoleReader.targets(
            files.read(version + "." + file).orElseThrow(() -> missing(file, version)));
    requireSigned(file, signed, signers);
    if (signed.role().version() != version) {
      // An older file under a newer name would bring back what was taken away since.
      throw new StorageException(
          version + "." + file + " holds version " + signed.role().version());
    }
    return signed.role();
  }

  private static void requireSigned(String file, SignedRole<Role.Targets> signed, Signers signers)
      throws StorageException {
    try {
      signed.requireThreshold(signers.keys(), signers.role());
    } catch (TufException e) {
      throw new StorageException(
          file + " is not signed by the keys that are to sign it: " + e.getMessage(), e);
    }
    String said = signed.role().name();
    if (said == null ? signers.named() : !file.equals(said + JSON)) {
      throw new StorageException(
          "in the place of "
              + file
              + " is a file that "
              + (said == null ? "does not say its role" : "is of the role " + said));
    }
  }

  /** The newest root, by the word of each one before it. */
  private Role.Root root() throws TufException, IOException, StorageException {
    Role.Root trusted =
        TrustedRoot.first(
                files
                    .read("1." + RegistryRole.ROOT.file())
                    .orElseThrow(() -> missing(RegistryRole.ROOT.file(), 1)))
            .root();
    while (true) {
      long version = trusted.version() + 1;
      Optional<byte[]> document = files.read(version + "." + RegistryRole.ROOT.file());
      if (document.isEmpty()) {
        return trusted;
      }
      SignedRole<Role.Root> signed = RoleReader.root(document.get());
      Role.Root next = signed.role();
      signed.requireThreshold(trusted.keys(), trusted.signers(Role.Kind.ROOT));
      signed.requireThreshold(next.keys(), next.signers(Role.Kind.ROOT));
      if (next.version() != version) {
        throw new StorageException(version + ".root.json holds version " + next.version());
      }
      trusted = next;
    }
  }

  private Role.Root renewRoot() throws TufException, IOException, StorageException {
    Role.Root root = root();
    long version = root.version();
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
      String file = name.substring(dot + 1);
      if (dot > 0 && (wanted.contains(file) || isClaimBin(file)) && isVersion(name, dot)) {
        newest.merge(file, Long.valueOf(name.substring(0, dot)), Math::max);
      }
    }
    return newest;
  }

  private static boolean isVersion(String name, int end) {
    return end <= 9 && name.chars().limit(end).allMatch(c -> c >= '0' && c <= '9');
  }

  private static StorageException missing(String file, long version) {
    return new StorageException("the file " + version + "." + file + " is missing");
  }
}
