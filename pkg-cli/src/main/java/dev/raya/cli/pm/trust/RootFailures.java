package dev.raya.cli.pm.trust;

import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import java.net.URI;

/** What can be wrong with a registry's root at first contact and after it. */
final class RootFailures {
  private RootFailures() {}

  /** RAYA-SEC-002: a known origin shows another root. */
  static CommandException changed(String origin, Digest known, Digest shown) {
    return new CommandException(
        "RAYA-SEC-002",
        "the registry " + origin + " shows another root than the one that is known",
        "known: " + known,
        "shown: " + shown,
        "ask its operator; a root only changes by rotation that the old one signs");
  }

  /** RAYA-SEC-002: a pinned root is not the one shown. */
  static CommandException notThePinned(URI base, Digest pinned, Digest shown) {
    return new CommandException(
        "RAYA-SEC-002",
        "the registry at " + base + " shows another root than the pinned one",
        "pinned: " + pinned,
        "shown: " + shown,
        "ask its operator; `raya-registry root` prints the right one");
  }

  /** RAYA-SEC-002: a pin that is asked for is not the root that is known. */
  static CommandException pinnedAgainst(URI base, Digest known, Digest pinned) {
    return new CommandException(
        "RAYA-SEC-002",
        "the registry at " + base + " is known with another root than the one to pin",
        "known: " + known,
        "to pin: " + pinned,
        "ask its operator; a root only changes by rotation that the old one signs");
  }

  /** RAYA-SEC-001: nobody confirms an unknown root. */
  static CommandException unconfirmed(URI base, Digest shown) {
    return new CommandException(
        "RAYA-SEC-001",
        "the registry at " + base + " is unknown, and nothing confirms its root",
        "it shows " + shown,
        "if its operator says the same, pin it: --trust-root "
            + shown
            + ", RAYA_TRUST_ROOT, or root = \"…\" in [registries] of config.toml");
  }
}
