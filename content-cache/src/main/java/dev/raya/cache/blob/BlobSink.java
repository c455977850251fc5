package dev.raya.cache.blob;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Takes the bytes of a new blob and hashes them on the way. Closed without {@link #commit}, it
 * leaves nothing behind. For one thread.
 */
public abstract class BlobSink extends OutputStream {
  /** For stores. */
  protected BlobSink() {}

  /** Count of bytes taken so far. */
  public abstract long size();

  /** Digest of the bytes taken so far; only before {@link #commit} and {@link #close}. */
  public abstract Digest digest();

  /**
   * Makes the blob durable and visible under its digest. If the store has it already, that one
   * stays.
   *
   * @throws IllegalStateException if called twice or after {@link #close}
   * @throws IOException if it cannot be written; the sink is then to be closed
   */
  public abstract Blob commit() throws IOException;

  /**
   * As {@link #commit()}, if the bytes have that digest.
   *
   * @throws BlobException.Mismatch if they have another; nothing becomes visible
   * @throws IOException as {@link #commit()}
   */
  public abstract Blob commit(Digest expected) throws IOException;

  /**
   * Ends the sink; what was not committed is thrown away. A second call does nothing.
   *
   * @throws IOException if the temporary file cannot be removed
   */
  @Override
  public abstract void close() throws IOException;
}
