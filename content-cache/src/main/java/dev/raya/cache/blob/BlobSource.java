package dev.raya.cache.blob;

import dev.raya.cache.digest.Digest;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;

/**
 * Where blobs come from: a store, a registry, a mirror. The bytes are whatever the source gives;
 * whoever reads them compares digests.
 */
public interface BlobSource {
  /**
   * Opens a blob.
   *
   * @return completes with a stream that the receiver closes, or exceptionally with {@link
   *     BlobException.Absent} where the source does not have it, or another {@link
   *     java.io.IOException}
   */
  CompletionStage<InputStream> open(Digest digest);
}
