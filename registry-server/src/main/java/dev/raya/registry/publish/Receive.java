package dev.raya.registry.publish;

import dev.raya.cache.archive.ArchiveException;
import dev.raya.cache.archive.ArchiveVisitor;
import dev.raya.cache.archive.PackageArchive;
import dev.raya.cache.blob.BlobException;
import dev.raya.cache.blob.BlobSink;
import dev.raya.cache.blob.BlobStore;
import dev.raya.registry.account.TokenScope;
import dev.raya.registry.http.Problem;
import dev.raya.registry.http.RegistryException;
import dev.raya.registry.publish.MultipartReader.Part;
import dev.raya.signing.log.LogRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes the parts in their order, each no longer than announced, straight into temporary blobs; the
 * archive is read and checked while it arrives.
 */
final class Receive implements PublishStep {
  private static final String JSON = "application/json";
  private static final String ZSTD = "application/zstd";
  private static final String BYTES = "application/octet-stream";
  private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
  private static final String README = "README.md";

  /** Largest module.rbin that is verified; the format's own limit is higher than any package's. */
  private static final int MAX_MODULE = 64 << 20;

  /** Longest README that is rendered. */
  private static final int MAX_README = 512 << 10;

  private final BlobStore blobs;
  private final ModuleMemory memory;

  Receive(BlobStore blobs, ModuleMemory memory) {
    this.blobs = blobs;
    this.memory = memory;
  }

  @Override
  public void run(Publication publication) throws RegistryException, IOException {
    try {
      MultipartReader reader =
          new MultipartReader(publication.body(), publication.request().contentType());
      Part first = expect(reader, "publish", JSON);
      byte[] announced = whole(first, Announcement.MAX_BYTES, "expected at most");
      publication.announce(Announcement.read(announced), announced);
      Announcement announcement = publication.announcement();
      publication.caller().require(TokenScope.PUBLISH, announcement.name().text());
      archive(publication, expect(reader, "archive", ZSTD));
      for (LogRecord.Native blob : announcement.natives()) {
        Part part = expect(reader, "native", BYTES);
        BlobSink sink = publication.own(blobs.sink(blob.size()));
        part.body().transferTo(sink);
        publication.nativeSinks().add(sink);
      }
      for (LogRecord.Attestation attestation : announcement.attestations()) {
        Part part = expect(reader, "attestation", BUNDLE);
        publication.attestations().add(whole(part, (int) attestation.size(), "announced were"));
      }
      Part surplus = reader.next().orElse(null);
      if (surplus != null) {
        throw new RegistryException(
            Problem.MALFORMED, "unexpected part \"" + surplus.name() + "\" after the last one");
      }
    } catch (ModuleMemory.ExhaustedException e) {
      throw new RegistryException(
          Problem.BUSY, String.valueOf(e.getMessage()), "publish again in a moment");
    } catch (BlobException.TooLarge e) {
      throw new RegistryException(
          Problem.TOO_LARGE, "a part is longer than announced: " + e.getMessage());
    } catch (MultipartReader.CutOffException e) {
      throw new RegistryException(Problem.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private void archive(Publication publication, Part part) throws RegistryException, IOException {
    BlobSink sink = publication.own(blobs.sink(publication.announcement().archive().size()));
    Inside inside = new Inside(publication);
    try {
      InputStream tee = new TeeInput(part.body(), sink);
      PackageArchive archive = PackageArchive.read(tee, inside);
      byte[] module = inside.module;
      if (module == null) {
        throw new IllegalStateException("a package archive that was read has a module");
      }
      publication.received(archive, new Publication.Content(module, inside.readme), sink);
    } catch (ArchiveException e) {
      throw new RegistryException(
          Problem.ARCHIVE_REFUSED,
          String.valueOf(e.getMessage()),
          "pack it with raya-pm pack; raya-pm explain RAYA-PKG-008 has the rules");
    }
  }

  private static Part expect(MultipartReader reader, String name, String type)
      throws RegistryException, IOException {
    Part part =
        reader
            .next()
            .orElseThrow(
                () ->
                    new RegistryException(
                        Problem.MALFORMED, "expected a part \"" + name + "\", found the end"));
    if (!part.name().equals(name)) {
      throw new RegistryException(
          Problem.MALFORMED,
          "expected a part \"" + name + "\", found \"" + part.name() + '"',
          "send publish, archive, one native and one attestation for each announced, in this order");
    }
    if (!part.contentType().equals(type)) {
      throw new RegistryException(
          Problem.MALFORMED,
          "part " + name + ": expected " + type + ", found \"" + part.contentType() + '"');
    }
    return part;
  }

  private static byte[] whole(Part part, int limit, String what)
      throws RegistryException, IOException {
    byte[] bytes = part.body().readNBytes(limit);
    if (part.body().read() >= 0) {
      throw new RegistryException(
          Problem.TOO_LARGE, "part " + part.name() + ": " + what + ' ' + limit + " bytes");
    }
    return bytes;
  }

  /** Keeps the two files that later steps look at. */
  private final class Inside implements ArchiveVisitor {
    private final Publication publication;
    private byte @Nullable [] module;
    private @Nullable String readme;

    Inside(Publication publication) {
      this.publication = publication;
    }

    @Override
    public void directory(String path) {}

    @Override
    public void file(String path, long size, InputStream content) throws IOException {
      if (path.equals(PackageArchive.MODULE)) {
        if (size > MAX_MODULE) {
          throw new ArchiveException(
              path, "it has at most " + MAX_MODULE + " bytes, found " + size);
        }
        publication.holds(memory.take(size));
        module = content.readAllBytes();
      } else if (path.equals(README) && size <= MAX_README) {
        readme = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
  }
}
