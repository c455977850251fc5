package dev.raya.cli.pm.trust;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.resolver.index.IndexDocument;
import dev.raya.resolver.name.PackageName;
import org.jspecify.annotations.Nullable;

/**
 * What every read of a registry or of the cache is held against (security.md). Each method returns
 * quietly or throws the finding that ends the command. Thread-safe.
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
   * @param served the document that was served; empty if it is gone
   * @throws CommandException RAYA-SEC-012 if history was changed; both are kept as evidence
   */
  void extend(KnownRegistries.Known registry, PackageName name, byte[] held, byte[] served)
      throws CommandException;

  /**
   * A version is to be taken: is it what its publisher signed and the log says?
   *
   * @param claim what index document or lockfile say of it
   * @param document the package's index document, if one is held: it names who may publish
   * @param evidence the log's record, its proof, and the attestations it names
   * @param log the registry's log
   * @return what was shown; null at a level that asks for none of it
   * @throws CommandException RAYA-SEC-005 to 010, 013 or 014 if not
   * @throws InterruptedException if the thread was interrupted
   */
  @Nullable Proven accept(
      PackageClaim claim, @Nullable IndexDocument document, Evidence evidence, RegistryLog log)
      throws CommandException, InterruptedException;

  /**
   * An archive was read: does its content say what the claim says?
   *
   * @param claim what index document or lockfile say of it
   * @param document the package's index document, if one is held
   * @param content what the archive holds
   * @throws CommandException RAYA-PKG-008 if not
   */
  void content(PackageClaim claim, @Nullable IndexDocument document, PackageContent content)
      throws CommandException;

  /**
   * A lockfile names a package that the cache holds: does its proof say the same?
   *
   * @param claim what the lockfile says
   * @param document the package's index document, if one is held
   * @param proof the bytes of {@code proof.json}, or null if there is none
   * @param log the registry's log as this home holds it
   * @return what was shown; null at a level that asks for none of it
   * @throws CommandException RAYA-SEC-005 to 010 or 013 if not
   * @throws InterruptedException if the thread was interrupted
   */
  @Nullable Proven cached(
      PackageClaim claim,
      @Nullable IndexDocument document,
      byte @Nullable [] proof,
      RegistryLog log)
      throws CommandException, InterruptedException;
}
