package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.settings.RegistryAddress;
import org.jspecify.annotations.Nullable;

/**
 * What every read of a registry is held against (security.md). Each method returns quietly or
 * throws the finding that ends the command.
 */
public interface TrustPolicy {
  /**
   * A registry was reached: may it be used?
   *
   * @param address where it was reached, and what pins it
   * @param origin its own name for itself
   * @param firstRoot the bytes of its {@code 1.root.json}
   * @return the registry as this home knows it from now on
   * @throws CommandException RAYA-SEC-001, 002 or 003 if it may not
   */
  KnownRegistries.Known admit(RegistryAddress address, String origin, byte[] firstRoot)
      throws CommandException;

  /**
   * An index document was served: does it extend the one held?
   *
   * @param registry who served it
   * @param name the package
   * @param held the document this home holds; empty if none
   * @param served the document that was served
   * @throws CommandException RAYA-SEC-012 if history was changed; both are kept as evidence
   */
  void extend(KnownRegistries.Known registry, String name, byte[] held, byte[] served)
      throws CommandException;

  /**
   * A version was offered by an index document: is it what its publisher signed and the log says?
   *
   * @param claim what the index document says of the version
   * @param evidence the log's leaf and the attestations it names
   * @throws CommandException RAYA-SEC-005, 007 or 008 if not
   */
  void accept(VersionClaim claim, Evidence evidence) throws CommandException;

  /**
   * An archive was unpacked: does its content say what the claim says?
   *
   * @param claim what the index document says
   * @param content what the archive holds
   * @throws CommandException RAYA-PKG-008 if not
   */
  void content(VersionClaim claim, PackageContent content) throws CommandException;

  /**
   * A lockfile names a package that the cache holds: was it checked when it was put there, and do
   * proof and lockfile agree?
   *
   * @param locked what the lockfile says
   * @param proof the bytes of {@code proof.json}, or null if there is none
   * @throws CommandException RAYA-SEC-005, 007, 008 or 013 if not
   */
  void cached(LockedClaim locked, byte @Nullable [] proof) throws CommandException;

  /** The fingerprint of a registry's first root. */
  static Digest fingerprint(byte[] firstRoot) {
    return Digest.of(firstRoot);
  }
}
