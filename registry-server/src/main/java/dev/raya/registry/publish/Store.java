package dev.raya.registry.publish;

import dev.raya.cache.blob.Blob;
import dev.raya.cache.blob.BlobException;
import dev.raya.cache.blob.BlobSink;
import dev.raya.cache.blob.BlobStore;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.markdown.Markdown;
import dev.raya.signing.log.LogRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes the blobs durable under their digests. What is stored and never committed is unreferenced
 * and harmless: nothing names it.
 */
final class Store implements PublishStep {
  private final BlobStore blobs;
  private final Markdown markdown;

  Store(BlobStore blobs, Markdown markdown) {
    this.blobs = blobs;
    this.markdown = markdown;
  }

  @Override
  public void run(Publication publication) throws RegistryException, IOException {
    Announcement announced = publication.announcement();
    List<LogRecord.Native> natives = announced.natives();
    try {
      for (int i = 0; i < natives.size(); i++) {
        publication.nativeSinks().get(i).commit(natives.get(i).digest());
      }
      publication.archiveSink().commit(announced.archive().digest());
    } catch (BlobException.Mismatch e) {
      throw new RegistryException(
          Problem.ARCHIVE_REFUSED,
          "announced " + e.expected() + ", received " + e.found(),
          "the upload was damaged on its way; publish again");
    }
    for (byte[] attestation : publication.attestations()) {
      put(attestation);
    }
    String readme = publication.content().readme();
    if (readme != null) {
      byte[] html = markdown.render(readme).getBytes(StandardCharsets.UTF_8);
      publication.readme(put(html).digest().hex(), html.length);
    }
  }

  private Blob put(byte[] bytes) throws IOException {
    try (BlobSink sink = blobs.sink(bytes.length)) {
      sink.write(bytes);
      return sink.commit();
    }
  }
}
