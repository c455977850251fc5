package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.trust.RegistryLog;
import dev.raya.signing.log.SignedNote;
import dev.raya.signing.tile.TileSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** The files of a registry's log over HTTP; what is answered with 404 is not there. */
final class HttpTiles implements TileSource {
  private static final int NOT_FOUND = 404;

  /** A bundle of 256 entries of 64 KiB is the largest file of a log. */
  private static final int MAX_BYTES = (16 << 20) + 1024;

  private final Transport transport;
  private final URI base;

  HttpTiles(Transport transport, URI base) {
    this.transport = transport;
    this.base = base;
  }

  @Override
  public Optional<byte[]> read(String path) throws IOException {
    int limit =
        path.startsWith("tile/entries/") ? MAX_BYTES : Math.max(SignedNote.MAX_BYTES, 256 * 32);
    try {
      Answer answer = transport.get(base.resolve(path), Map.of(), limit);
      if (answer.status() == NOT_FOUND) {
        return Optional.empty();
      }
      if (!answer.ok()) {
        throw new RegistryLog.UnansweredException(Failures.refused(answer));
      }
      return Optional.of(answer.body());
    } catch (CommandException failed) {
      throw new RegistryLog.UnansweredException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
