package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import org.jspecify.annotations.Nullable;

/** Gives the token for a registry when it is needed, and not before: it may lie in a key store. */
@FunctionalInterface
public interface TokenSource {
  /**
   * The token, or null if the user is not signed in.
   *
   * @throws CommandException if it cannot be read
   * @throws InterruptedException if the thread was interrupted
   */
  @Nullable String token() throws CommandException, InterruptedException;
}
