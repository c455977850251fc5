package dev.raya.cache.blob;

import dev.raya.cache.digest.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps blobs under their digests. What {@link BlobSink#commit} has returned is durable and is
 * there for every process from then on; a blob never changes. Thread-safe, and safe between
 * processes.
 */
public interface BlobStore {
  /**
   * Starts a new blob.
   *
   * @param limit most bytes it may get
   * @throws IOException if the store cannot take it
   */
  BlobSink sink(long limit) throws IOException;

  /**
   * The blob of that digest, if it is there; its bytes are not read.
   *
   * @throws IOException if the store cannot be read
   */
  Optional<Blob> find(Digest digest) throws IOException;

  /**
   * Opens a blob's bytes, which are not checked again; the caller closes.
   *
   * @throws BlobException.Absent if it is not there
   * @throws IOException if the store cannot be read
   */
  InputStream open(Digest digest) throws IOException;

  /**
   * Removes a blob; nothing happens where there is none.
   *
   * @throws IOException if it cannot be removed
   */
  void delete(Digest digest) throws IOException;

  /**
   * Visits all blobs, in the order of their digests.
   *
   * @throws IOException if the store cannot be read
   */
  void forEach(Consumer<Blob> visitor) throws IOException;
}
