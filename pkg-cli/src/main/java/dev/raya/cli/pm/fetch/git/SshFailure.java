package dev.raya.cli.pm.fetch.git;

import dev.raya.cli.console.CommandException;
import java.net.URI;

/** Says what to do about what the ssh program said. */
final class SshFailure {
  private static final int SHOWN = 600;

  private SshFailure() {}

  /** The failure of a fetch from a server that answered and then said nothing more. */
  static CommandException silent(GitAddress address, int seconds) {
    return new CommandException(
        "RAYA-NET-002",
        "the git repository " + address + " said nothing for " + seconds + " s over ssh",
        "try again, or wait longer: --timeout 2m, RAYA_TIMEOUT",
        "--offline works with what the mirror holds");
  }

  /** The failure of a fetch, by the words of OpenSSH, which are the same in every language. */
  static CommandException of(GitAddress address, String said) {
    URI uri = address.uri();
    String account = uri.getUserInfo() == null ? "" : uri.getUserInfo() + "@";
    String port = uri.getPort() < 0 ? "" : "-p " + uri.getPort() + " ";
    String by = "`ssh -T " + port + account + uri.getHost() + "`";
    String shown = said.length() <= SHOWN ? said : said.substring(0, SHOWN) + "…";
    if (said.contains("REMOTE HOST IDENTIFICATION HAS CHANGED")) {
      return new CommandException(
          "RAYA-NET-001",
          uri.getHost() + " shows another key than the one in known_hosts",
          "somebody may stand between; ask who runs it before you take the old key out with"
              + " `ssh-keygen -R "
              + uri.getHost()
              + "`");
    }
    if (said.contains("Host key verification failed")) {
      return new CommandException(
          "RAYA-NET-001",
          "the key of " + uri.getHost() + " is not in known_hosts, so it is not connected to",
          "compare what " + by + " shows with what its owner publishes, and say yes there",
          "in CI, put that line into ~/.ssh/known_hosts");
    }
    if (said.contains("Permission denied")) {
      return new CommandException(
          "RAYA-NET-001",
          "the git repository " + address + " asks for a key that is not offered: " + shown,
          "ssh is never asked for a passphrase here: `ssh-add` gives the key to the agent",
          by + " shows whether the account is the right one");
    }
    return new CommandException(
        "RAYA-NET-001",
        "the git repository " + address + " cannot be read: " + shown,
        "check the address and the network; " + by + " is the same connection",
        "--offline works with what the mirror holds");
  }
}
