package dev.raya.cli.pm.settings;

import java.util.Locale;
import java.util.Optional;

/** How much a client asks of a version before it takes it (security.md, trust levels). */
public enum TrustLevel {
  /** Digests and grants. */
  PERMISSIVE,
  /** Also the log record and the publish statement of an allowed identity. */
  NORMAL,
  /** Also provenance, witnesses, no growth without a grant. */
  STRICT;

  /** The level of that name. */
  public static Optional<TrustLevel> parse(String word) {
    for (TrustLevel level : values()) {
      if (level.word().equals(word)) {
        return Optional.of(level);
      }
    }
    return Optional.empty();
  }

  /** The name as settings write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
