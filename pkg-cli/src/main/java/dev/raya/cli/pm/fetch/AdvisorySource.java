package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.trust.HeldMetadata;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.audit.OsvException;
import dev.raya.resolver.audit.OsvReader;
import java.util.List;
import java.util.Optional;

/**
 * The advisories of the default registry: its TUF target {@code advisories/osv.json}, in the form
 * that signed metadata names and in no other. Offline it is the one that this home saw last, its
 * signatures verified again.
 */
public final class AdvisorySource {
  private static final String LIST = "advisories/osv.json";

  private final Session session;

  /** Reads with the session's registry. */
  public AdvisorySource(Session session) {
    this.session = session;
  }

  /**
   * The advisories; none where the registry's metadata names none.
   *
   * @throws CommandException if they cannot be had, RAYA-SEC-003 or 004 if they or the metadata
   *     that names them are refused, RAYA-NET-003 if they are needed and offline
   * @throws InterruptedException if the thread was interrupted
   */
  public Advisories read() throws CommandException, InterruptedException {
    Optional<byte[]> list =
        session.settings().offline()
            ? Optional.of(held())
            : session.metadata(session.registry()).optional(LIST, OsvReader.MAX_BYTES);
    if (list.isEmpty()) {
      session.console().detail("the registry has no advisories");
      return Advisories.NONE;
    }
    try {
      return OsvReader.read(list.get());
    } catch (OsvException malformed) {
      throw new CommandException(malformed.code(), malformed.text());
    }
  }

  private byte[] held() throws CommandException {
    Optional<KnownRegistries.Known> known = known();
    if (known.isEmpty()) {
      throw missing();
    }
    return new HeldMetadata(known.get(), session.known().folder(known.get()))
        .lastSeen(LIST)
        .orElseThrow(AdvisorySource::missing)
        .bytes();
  }

  private Optional<KnownRegistries.Known> known() throws CommandException {
    RegistryAddress address = session.settings().registry();
    if (address != null) {
      return session.known().byUrl(address.base());
    }
    List<KnownRegistries.Known> all = session.known().all();
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  private static CommandException missing() {
    return new CommandException(
        "RAYA-NET-003",
        "offline, and this is missing: the advisories of the registry",
        "run `raya-pm audit` once without --offline");
  }
}
