package dev.raya.cli.pm.trust;

import dev.raya.cli.console.CommandException;
import dev.raya.resolver.name.PackageName;
import dev.raya.signing.log.LogPolicy;
import dev.raya.tuf.client.TufClient;
import dev.raya.tuf.role.Role;
import java.util.Optional;

/**
 * What the TUF metadata of a registry says, be it asked for or held. Every method fails with
 * RAYA-SEC-003 or 004 if metadata is refused, and with the reason if it cannot be had. Thread-safe.
 */
public interface SignedMetadata {
  /** The four top-level roles. */
  TufClient.TrustedSet roles() throws CommandException, InterruptedException;

  /** Length and hashes of a package's index document; empty if metadata names none. */
  Optional<Role.TargetFile> index(PackageName name) throws CommandException, InterruptedException;

  /** The policy of the registry's log. */
  LogPolicy logPolicy() throws CommandException, InterruptedException;

  /** The claim of a package that opted in, by offline keys; empty if there is none. */
  Optional<byte[]> claim(PackageName name) throws CommandException, InterruptedException;

  /** Sigstore's services whose certificates are believed; empty if metadata names none. */
  Optional<byte[]> sigstore() throws CommandException, InterruptedException;

  /** The paths that a package's documents have: of its index document without the first segment. */
  static String claimPath(PackageName name) {
    return "claimed/" + name.indexPath();
  }

  /** Whether the top-level targets role lets anybody speak for claims. */
  static boolean hasClaims(TufClient.TrustedSet roles) {
    Role.Delegations delegations = roles.targets().delegations();
    return delegations != null
        && delegations.roles().stream()
            .anyMatch(role -> role.paths().stream().anyMatch(path -> path.startsWith("claimed/")));
  }
}
