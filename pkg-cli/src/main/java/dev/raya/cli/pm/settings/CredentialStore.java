package dev.raya.cli.pm.settings;

import dev.raya.cli.console.CommandException;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens lie: the user's {@code credentials.toml}, or a key store of the system. One token
 * for each origin, which is a registry's scheme, host and port.
 */
public sealed interface CredentialStore permits CredentialFile, SecretService, MacKeychain {
  /** What users and {@code credentials.toml} call it. */
  String name();

  /**
   * The token of an origin, or null if there is none.
   *
   * @throws CommandException if the store cannot be asked
   * @throws InterruptedException if the thread was interrupted
   */
  @Nullable String token(String origin) throws CommandException, InterruptedException;

  /**
   * Keeps a token in the place of a former one.
   *
   * @throws CommandException if the store cannot take it
   * @throws InterruptedException if the thread was interrupted
   */
  void keep(String origin, String token) throws CommandException, InterruptedException;

  /**
   * Forgets the token of an origin.
   *
   * @throws CommandException if the store cannot be asked
   * @throws InterruptedException if the thread was interrupted
   */
  void forget(String origin) throws CommandException, InterruptedException;
}
