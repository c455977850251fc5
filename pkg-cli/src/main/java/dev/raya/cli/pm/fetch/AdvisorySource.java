package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import dev.raya.cli.pm.Session;
import dev.raya.cli.pm.project.AtomicFiles;
import dev.raya.cli.pm.settings.RegistryAddress;
import dev.raya.cli.pm.trust.KnownRegistries;
import dev.raya.resolver.audit.Advisories;
import dev.raya.resolver.audit.OsvException;
import dev.raya.resolver.audit.OsvReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The advisories of the default registry, {@code /advisories/osv.json}. What was served last is
 * kept in {@code registry/ID/advisories/osv.json}, for offline commands.
 */
public final class AdvisorySource {
  private final Session session;

  /** Reads with the session's registry. */
  public AdvisorySource(Session session) {
    this.session = session;
  }

  /**
   * The advisories; none where the registry has none.
   *
   * @throws CommandException if they cannot be had, RAYA-NET-003 if they are needed and offline
   * @throws InterruptedException if the thread was interrupted
   */
  public Advisories read() throws CommandException, InterruptedException {
    try {
      if (session.settings().offline()) {
        return held();
      }
      Registry registry = session.registry();
      Path file = file(registry.known());
      byte[] served = registry.advisories();
      if (served == null) {
        session.console().detail("the registry has no advisories");
        Files.deleteIfExists(file);
        return Advisories.NONE;
      }
      Advisories advisories = OsvReader.read(served);
      AtomicFiles.writeIfChanged(file, served);
      return advisories;
    } catch (OsvException malformed) {
      throw new CommandException(malformed.code(), malformed.text());
    } catch (IOException failed) {
      throw Failure.of(failed);
    }
  }

  private Advisories held() throws CommandException, IOException, OsvException {
    Optional<KnownRegistries.Known> known = known();
    if (known.isPresent()) {
      try (InputStream in = Files.newInputStream(file(known.get()))) {
        return OsvReader.read(in.readNBytes(OsvReader.MAX_BYTES + 1));
      } catch (NoSuchFileException none) {
        throw missing();
      }
    }
    throw missing();
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

  private Path file(KnownRegistries.Known known) {
    return session.known().folder(known).resolve("advisories").resolve("osv.json");
  }
}
