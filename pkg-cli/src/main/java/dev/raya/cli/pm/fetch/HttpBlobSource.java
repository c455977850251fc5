package dev.raya.cli.pm.fetch;

import dev.raya.cache.blob.BlobSource;
import dev.raya.cache.digest.Digest;
import dev.raya.cli.console.CommandException;
import dev.raya.cli.pm.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Blobs of a registry. A blob is read whole into a file of the home's {@code tmp}, its digest
 * compared, and only then handed out.
 */
public final class HttpBlobSource implements BlobSource {
  private static final int BUFFER = 64 << 10;
  private static final long UNKNOWN_SIZE = Long.MAX_VALUE;

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
            Path file = fetch(digest, digest.toString(), UNKNOWN_SIZE, arrived -> {});
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
   * Reads a blob into a file, which is the caller's to delete. Goes on with what a download that
   * was killed or broke off has left, if there is something.
   *
   * @param what the blob is, in the user's words
   * @param size what it should have
   * @param received is told how many bytes arrived, and with a negative number what was in vain
   * @throws CommandException RAYA-PKG-009 if the bytes have another digest, or as the network fails
   * @throws InterruptedException if the thread was interrupted
   */
  public Path fetch(Digest digest, String what, long size, LongConsumer received)
      throws CommandException, InterruptedException {
    try (PartialDownload partial = PartialDownload.of(tmp, digest)) {
      Spool spool = new Spool(partial.file(), digest, what, Math.min(size, limit));
      received.accept(spool.kept());
      try {
        if (!spool.isWhole()) {
          registry.download(digest, spool, limit, received);
        }
        if (spool.goesOn() && !spool.digest().equals(digest)) {
          // The server's bytes are asked for alone before it is blamed for the others.
          received.accept(-spool.kept());
          spool.open();
          registry.download(digest, spool, limit, received);
        }
      } catch (CommandException | InterruptedException brokenOff) {
        if (spool.kept() > 0 && spool.isWritable()) {
          partial.leave();
        }
        throw brokenOff;
      }
      requireSame(digest, spool.digest());
      return partial.finished();
    } catch (IOException unwritable) {
      throw Failure.of(unwritable);
    }
  }

  /**
   * As {@link #fetch}, hashed once more as it lies in the file, for those who pass it on without
   * reading it.
   *
   * @throws CommandException as {@link #fetch}; RAYA-PKG-009 too if it was changed on the disk
   * @throws InterruptedException if the thread was interrupted
   */
  public Path fetchAsItLies(Digest digest, String what, long size, LongConsumer received)
      throws CommandException, InterruptedException {
    Path file = fetch(digest, what, size, received);
    try (InputStream lies = Files.newInputStream(file)) {
      Digest found = Digest.ofStream(lies);
      if (found.equals(digest)) {
        return file;
      }
      delete(file);
      throw new CommandException(
          "RAYA-PKG-009",
          what + " was changed on the disk while it was fetched",
          "expected: " + digest,
          "found: " + found,
          "try again; if it stays, look for what writes to " + tmp);
    } catch (IOException unreadable) {
      delete(file);
      throw Failure.of(unreadable);
    }
  }

  /**
   * Reads a blob into memory, hashing it as it comes.
   *
   * @param what the blob is, in the user's words
   * @param size what it should have; more is hashed and counted, but not kept
   * @param received is told how many bytes arrived, and with a negative number what was in vain
   * @throws CommandException RAYA-PKG-009 if the bytes have another digest or size, or as the
   *     network fails
   * @throws InterruptedException if the thread was interrupted
   */
  byte[] bytes(Digest digest, String what, int size, LongConsumer received)
      throws CommandException, InterruptedException {
    Collecting collecting = new Collecting(what, size);
    registry.download(digest, collecting, limit, received);
    requireSame(digest, Digest.finish(collecting.sha256));
    if (collecting.count != size) {
      throw new CommandException(
          "RAYA-PKG-009",
          what + " has another size than its index and record say",
          "expected: " + size + " bytes",
          "found: " + collecting.count + " bytes",
          "nothing was unpacked; tell the operator of " + registry.base());
    }
    return collecting.bytes;
  }

  /** Keeps as much as was expected, hashes all, and goes on where a try broke off. */
  private static final class Collecting extends OutputStream implements Transport.Sink {
    private final String what;
    private final byte[] bytes;
    private MessageDigest sha256 = Digest.sha256();
    private long count;

    Collecting(String what, int size) {
      this.what = what;
      this.bytes = new byte[size];
    }

    @Override
    public OutputStream open() {
      sha256 = Digest.sha256();
      count = 0;
      return this;
    }

    @Override
    public String what() {
      return what;
    }

    @Override
    public long kept() {
      return count;
    }

    @Override
    public OutputStream resume() {
      return this;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      sha256.update(from, offset, length);
      if (count < bytes.length) {
        System.arraycopy(
            from, offset, bytes, (int) count, (int) Math.min(length, bytes.length - count));
      }
      count += length;
    }
  }

  private void requireSame(Digest expected, Digest found) throws CommandException {
    if (!found.equals(expected)) {
      throw new CommandException(
          "RAYA-PKG-009",
          "the registry " + registry.base() + " gave other bytes than were asked for",
          "expected: " + expected,
          "found: " + found,
          "nothing was unpacked; try again, and tell the registry's operator if it persists");
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

  /**
   * A file that is hashed as it is written, and goes on where a try broke off: what is kept was
   * hashed already, so that a wrong beginning is found like any other wrong byte.
   */
  private static final class Spool extends OutputStream implements Transport.Sink {
    private final RandomAccessFile file;
    private final Digest expected;
    private final String what;
    private MessageDigest sha256 = Digest.sha256();
    private @Nullable Digest found;
    private long written;
    private boolean whole;

    /** Whether the beginning was there before. */
    private boolean goesOn;

    private boolean unwritable;

    /** Takes over what is in a file, unless it is more than there should be. */
    Spool(RandomAccessFile file, Digest expected, String what, long size) throws IOException {
      this.file = file;
      this.expected = expected;
      this.what = what;
      long there = file.length();
      if (there > size) {
        restart();
      } else if (there > 0) {
        byte[] buffer = new byte[BUFFER];
        for (int n = file.read(buffer); n >= 0; n = file.read(buffer)) {
          sha256.update(buffer, 0, n);
          written += n;
        }
        goesOn = true;
        whole = written == size && digest().equals(expected);
        if (written == size && !whole) {
          restart();
        }
      }
    }

    private void restart() throws IOException {
      sha256 = Digest.sha256();
      found = null;
      written = 0;
      goesOn = false;
      file.setLength(0);
      file.seek(0);
    }

    @Override
    public OutputStream open() throws IOException {
      restart();
      return this;
    }

    @Override
    public String what() {
      return what;
    }

    @Override
    public long kept() {
      return written;
    }

    /** By what the server should call it, where an earlier process had it from it. */
    @Override
    public String validator() {
      return goesOn ? "\"" + expected.hex() + "\"" : "";
    }

    @Override
    public OutputStream resume() throws IOException {
      file.seek(written);
      return this;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        file.write(bytes, offset, length);
      } catch (IOException full) {
        unwritable = true;
        throw full;
      }
      sha256.update(bytes, offset, length);
      written += length;
    }

    /** Whether all could be written that arrived; else what there is had better make room. */
    boolean isWritable() {
      return !unwritable;
    }

    /** Whether all of it was there before. */
    boolean isWhole() {
      return whole;
    }

    /** Whether there is something in it that was there before. */
    boolean goesOn() {
      return goesOn;
    }

    /** The digest of what was written; nothing follows it. */
    Digest digest() {
      Digest known = found;
      if (known == null) {
        known = Digest.finish(sha256);
        found = known;
      }
      return known;
    }
  }
}
