package dev.raya.cli.pm.fetch;

import dev.raya.cli.console.CommandException;
import dev.raya.tuf.client.TufSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A TUF repository over HTTP. What is answered with 403 or 404 is not there; every other refusal is
 * no answer.
 */
public final class HttpTufSource implements TufSource {
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final Transport transport;
  private final URI metadata;
  private final URI targets;

  /**
   * Makes a source; nothing is asked for yet.
   *
   * @param metadata what the names of metadata files are appended to
   * @param targets what the paths of target files are appended to
   */
  public HttpTufSource(Transport transport, URI metadata, URI targets) {
    this.transport = transport;
    this.metadata = metadata;
    this.targets = targets;
  }

  @Override
  public Optional<byte[]> metadata(String path, long limit)
      throws IOException, InterruptedException {
    try {
      Answer answer = transport.get(below(metadata, path), Map.of(), limit);
      return isThere(answer) ? Optional.of(answer.body()) : Optional.empty();
    } catch (CommandException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
  }

  @Override
  public boolean target(String path, Path file, long limit)
      throws IOException, InterruptedException {
    try {
      Transport.Sink sink = () -> Files.newOutputStream(file);
      return isThere(transport.download(below(targets, path), sink, limit, received -> {}));
    } catch (CommandException failed) {
      throw new IOException(failed.getMessage(), failed);
    }
  }

  private static boolean isThere(Answer answer) throws IOException {
    if (answer.status() == FORBIDDEN || answer.status() == NOT_FOUND) {
      return false;
    }
    if (!answer.ok()) {
      throw new IOException(answer.uri() + " answered with status " + answer.status());
    }
    return true;
  }

  /** Appended, not resolved: a quoted name is a segment even if it looks like another address. */
  private static URI below(URI base, String path) {
    String address = base.toString();
    return URI.create(address + (address.endsWith("/") ? "" : "/") + path);
  }
}
