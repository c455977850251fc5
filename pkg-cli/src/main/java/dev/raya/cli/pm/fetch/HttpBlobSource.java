package dev.raya.cli.pm.fetch;

import dev.raya.cache.blob.BlobSource;
import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;

/**
 * Blobs of a registry. A blob is read whole into a file of the home's {@code tmp}, its digest
 * compared, and only then handed out.
 */
public final class HttpBlobSource implements BlobSource {
  private final Registry registry;
  private final Path tmp;
  private final long limit;
  private final Executor executor;

  /**
   * Reads from a registry.
   *
   * @param tmp folder of files on their way
   * @param limit most bytes of a blob
   * @param executor runs blocking reads, one virtual thread each
   */
  public HttpBlobSource(Registry registry, Path tmp, long limit, Executor executor) {
    this.registry = registry;
    this.tmp = tmp;
    this.limit = limit;
    this.executor = executor;
  }

  /** The stream deletes its file when it is closed. */
  @Override
  public CompletionStage<InputStream> open(Digest digest) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            Path file = fetch(digest, arrived -> {});
            return Files.newInputStream(file, StandardOpenOption.DELETE_ON_CLOSE);
          } catch (CommandException failed) {
            throw new CompletionException(failed);
          } catch (IOException unreadable) {
            throw new CompletionException(unreadable);
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompletionException(interrupted);
          }
        },
        executor);
  }

  /**
   * Reads a blob into a new file, which is the caller's to delete.
   *
   * @param received is told how many bytes arrived, and with a negative number what was in vain
   * @throws CommandException RAYA-PKG-009 if the bytes have another digest, or as the network fails
   * @throws InterruptedException if the thread was interrupted
   */
  public Path fetch(Digest digest, LongConsumer received)
      throws CommandException, InterruptedException {
    Path file = null;
    boolean good = false;
    try {
      file = Files.createTempFile(tmp, "blob-", "");
      DigestOutputStream[] last = new DigestOutputStream[1];
      Path target = file;
      registry.download(
          digest,
          () -> {
            OutputStream out =
                Files.newOutputStream(
                    target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            last[0] = new DigestOutputStream(out, Digest.sha256());
            return last[0];
          },
          limit,
          received);
      Digest found = Digest.finish(last[0].getMessageDigest());
      if (!found.equals(digest)) {
        throw new CommandException(
            "RAYA-PKG-009",
            "the registry " + registry.base() + " gave other bytes than were asked for",
            "expected: " + digest,
            "found: " + found,
            "nothing was unpacked; try again, and tell the registry's operator if it persists");
      }
      good = true;
      return file;
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    } finally {
      if (!good && file != null) {
        delete(file);
      }
    }
  }

  /** Deletes a temporary file; one that stays is swept by a later command. */
  public static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException leftForTheSweep) {
      return;
    }
  }
}
