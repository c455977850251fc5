package dev.raya.cli.pm.command;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;

/** Guards what cannot be done without a network. */
final class Offline {
  private Offline() {}

  /**
   * The session, unless it is offline.
   *
   * @param what the action, as a noun phrase
   * @throws CommandException RAYA-NET-003 if the session is offline
   */
  static Session refused(Session session, String what) throws CommandException {
    if (session.settings().offline()) {
      throw new CommandException(
          "RAYA-NET-003",
          what + " needs the registry, and --offline forbids it",
          "leave out --offline; RAYA_OFFLINE or [network] offline may have set it");
    }
    return session;
  }
}
